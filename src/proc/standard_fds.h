// fill_standard_fds(): 0, 1 and 2 open, whatever the caller closed.
//
// Else the first socket or file we open gets such a number, and what is meant for stdout or stderr
// goes there. (Upstream's daemon starts icecc-create-env with stdout closed.)
#pragma once

namespace ice::proc {

/// Programs started later find them closed again.
void fill_standard_fds();

} // namespace ice::proc
