#include "tools/remote/key_guard.hpp"

#include <algorithm>
#include <mutex>

#include "editprep/transport/redaction.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/named_command.hpp"

namespace editprep::tools {
namespace {

constexpr std::size_t kShortestHidden = 8;

void replace_all(std::string& text, std::string_view part) {
    for (std::size_t place = text.find(part); place != std::string::npos;
         place = text.find(part, place)) {
        text.replace(place, part.size(), "***");
    }
}

}  // namespace

void KeyGuard::hide(const transport::Secret& key) {
    const std::string& text = key.reveal();
    const std::lock_guard lock(mutex_);
    for (const std::string& part : {text, text.substr(text.find(':') + 1)}) {
        if (part.size() >= kShortestHidden && std::ranges::find(hidden_, part) == hidden_.end()) {
            hidden_.push_back(part);
            hides_ = true;
        }
    }
}

std::string KeyGuard::without_keys(std::string_view text) const {
    std::string result(text);
    if (!hides_) {
        return result;
    }
    const std::shared_lock lock(mutex_);
    for (const std::string& part : hidden_) {
        replace_all(result, part);
    }
    return result;
}

Context KeyGuard::watch(const Context& context) const {
    const auto watched = [this](const Sink& sink) -> Sink {
        return [this, sink](std::string_view text) {
            if (hides_) {
                sink(without_keys(text));
            } else {
                sink(text);
            }
        };
    };
    return {context.environment, watched(context.out), watched(context.err), context.interactive};
}

KeyGuard& process_keys() {
    static KeyGuard keys;
    return keys;
}

std::string without_all_keys(const std::string& text) {
    return transport::redact_keys(process_keys().without_keys(text));
}

int run_guarded_tool(int argument_count, char** arguments, const Command& command,
                     DescribeError describe) {
    const Command named = named_command(argument_count, arguments, command);
    const auto guarded = [&](const Words& words, const Context& context) {
        const Context watched = process_keys().watch(context);
        if (const int code = run_command(named, words, watched, describe); code != kDone) {
            throw ExitRequest{code};
        }
    };
    return run_tool(argument_count, arguments, guarded, describe);
}

}  // namespace editprep::tools
