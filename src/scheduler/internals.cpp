#include "scheduler/internals.h"

#include "base/printable.h"
#include "scheduler/limits.h"

#include <algorithm>
#include <utility>

namespace ice::scheduler {

void Internals::ask(std::uint64_t session, const std::vector<const Node*>& nodes, Time now) {
    Question question = {.session = session, .deadline = now + internals_limit, .answers = {}};
    for (const Node* node : nodes) {
        out_.send(node->peer, wire::GetInternals{});
        ++owed_[node->peer];
        question.answers.push_back({.peer = node->peer, .name = node->name, .text = {}});
    }
    if (question.answers.empty())
        finish(question);
    else
        questions_.push_back(std::move(question));
}

bool Internals::on_text(PeerId peer, std::string_view text) {
    const auto owed = owed_.find(peer);
    if (owed == owed_.end())
        return false;
    if (--owed->second == 0)
        owed_.erase(owed);
    close_one(peer, printable(text.substr(0, max_internals_text), '\n'));
    return true;
}

void Internals::on_gone(PeerId peer) {
    const auto owed = owed_.find(peer);
    if (owed == owed_.end())
        return;
    for (unsigned i = 0; i < owed->second; ++i)
        close_one(peer, std::nullopt);
    owed_.erase(owed);
}

void Internals::close_one(PeerId peer, std::optional<std::string> text) {
    for (auto question = questions_.begin(); question != questions_.end(); ++question) {
        const auto answer = std::ranges::find_if(
            question->answers, [&](const Answer& a) { return a.peer == peer && a.open; });
        if (answer == question->answers.end())
            continue;
        answer->open = false;
        answer->text = std::move(text);
        if (std::ranges::none_of(question->answers, &Answer::open)) {
            finish(*question);
            questions_.erase(question);
        }
        return;
    }
}

void Internals::on_time(Time now) {
    while (!questions_.empty() && questions_.front().deadline <= now) {
        finish(questions_.front());
        questions_.pop_front();
    }
}

std::optional<Time> Internals::next_deadline() const {
    return questions_.empty() ? std::nullopt : std::optional(questions_.front().deadline);
}

void Internals::finish(const Question& question) {
    std::string text;
    for (const Answer& answer : question.answers) {
        text += answer.text ? *answer.text : answer.name + " not reporting";
        if (!text.ends_with('\n'))
            text += '\n';
    }
    out_.add(InternalsReady{question.session, std::move(text)});
}

} // namespace ice::scheduler
