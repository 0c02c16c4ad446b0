#include "log/log.h"

#include "base/printable.h"
#include "log/line_channel.h"

#include <Poco/FormattingChannel.h>
#include <Poco/Message.h>
#include <Poco/PatternFormatter.h>
#include <algorithm>

namespace ice::log {

namespace {

/// Longer texts are cut: a peer decides what some lines quote.
constexpr std::size_t longest_text = 16'384;

Poco::Message::Priority priority_of(Level level) {
    switch (level) {
    case Level::error:
        return Poco::Message::PRIO_ERROR;
    case Level::warning:
        return Poco::Message::PRIO_WARNING;
    case Level::info:
        return Poco::Message::PRIO_INFORMATION;
    case Level::debug:
        break;
    }
    return Poco::Message::PRIO_DEBUG;
}

} // namespace

/// POCO's side of a Log: a formatter in front of our channel.
class Log::Sink {
public:
    explicit Sink(Poco::AutoPtr<LineChannel> lines) : lines_(std::move(lines)) {
        Poco::AutoPtr<Poco::PatternFormatter> formatter(
            new Poco::PatternFormatter("[%P] %Y-%m-%d %H:%M:%S: %t"));
        formatter->setProperty(Poco::PatternFormatter::PROP_TIMES, "local");
        formatting_ = new Poco::FormattingChannel(formatter, lines_);
    }

    void write(Level level, std::string_view text) {
        formatting_->log({"icecc", printable(text.substr(0, longest_text)), priority_of(level)});
    }
    LineChannel& lines() { return *lines_; }

private:
    Poco::AutoPtr<LineChannel> lines_;
    Poco::AutoPtr<Poco::FormattingChannel> formatting_;
};

Level level_of(unsigned verbosity) {
    return static_cast<Level>(std::min(verbosity, static_cast<unsigned>(Level::debug)));
}

Result<Log> Log::open(const Settings& settings) {
    Poco::AutoPtr<LineChannel> lines(new LineChannel(settings.descriptor));
    if (!settings.file.empty())
        if (const auto opened = lines->open_file(settings.file); !opened)
            return opened.error();
    return Log(settings.level, std::make_unique<Sink>(std::move(lines)));
}

Log::Log(Level level, std::unique_ptr<Sink> sink) : level_(level), sink_(std::move(sink)) {}
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;
Log::~Log() = default;

void Log::write(Level level, std::string_view text) {
    if (enabled(level))
        sink_->write(level, text);
}

void Log::write_raw(std::string_view bytes) { sink_->lines().write(bytes); }
Result<void> Log::reopen() { return sink_->lines().reopen(); }
int Log::descriptor() const { return sink_->lines().descriptor(); }

} // namespace ice::log
