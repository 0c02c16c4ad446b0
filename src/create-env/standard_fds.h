// fill_standard_fds(): 0, 1 and 2 open, whatever the caller closed.
//
// Upstream's daemon starts icecc-create-env with stdout closed; the archive would become fd 1.
#pragma once

namespace ice::create_env {

void fill_standard_fds();

} // namespace ice::create_env
