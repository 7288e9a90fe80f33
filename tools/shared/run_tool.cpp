#include "tools/shared/run_tool.hpp"

#include <unistd.h>

#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <sstream>

#include "tools/shared/failure.hpp"
#include "tools/shared/named_command.hpp"
#include "tools/shared/standard_streams.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools {
namespace {

std::string text_for(const std::exception& error, DescribeError describe) {
    if (const auto* failure = dynamic_cast<const Failure*>(&error)) {
        const bool verbatim = failure->form() == Failure::Form::verbatim;
        return one_line(std::string(verbatim ? "" : "ERROR: ") + failure->what());
    }
    if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
        return "ERROR: not enough memory; use a smaller picture or free some memory";
    }
    if (const auto described = describe != nullptr ? describe(error) : std::nullopt) {
        return *described;
    }
    return one_line(std::string("ERROR: ") + error.what());
}

/// Each line made safe for a terminal by itself.
std::string lines_for(const std::exception& error, DescribeError describe) {
    std::istringstream text(text_for(error, describe));
    std::string lines;
    for (std::string line; std::getline(text, line);) {
        lines += one_line(line) + '\n';
    }
    return lines;
}

/// The variables as they are now: libvips changes one of them when it starts (conventions.hpp),
/// perhaps while another thread looks one up.
Environment process_environment() {
    std::map<std::string, std::string, std::less<>> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos && equals + 1 < text.size()) {
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    const auto kept = std::make_shared<const decltype(variables)>(std::move(variables));
    return [kept](const char* name) -> std::optional<std::string> {
        const auto found = kept->find(std::string_view(name));
        return found == kept->end() ? std::nullopt : std::optional(found->second);
    };
}

}  // namespace

int run_command(const Command& command, const Words& words, const Context& context,
                DescribeError describe) {
    try {
        try {
            command(words, context);
        } catch (const InfoRequest& request) {
            context.out(request.text);
        }
        return kDone;
    } catch (const ExitRequest& request) {
        return request.code;
    } catch (const UsageError& error) {
        const bool spelled_out = !error.text().empty();
        context.err(spelled_out ? error.text() : one_line(error.what()) + '\n');
        return kWrongUsage;
    } catch (const std::exception& error) {
        context.err(lines_for(error, describe));
        return kFailed;
    }
}

int run_tool(int argument_count, char** arguments, const Command& command, DescribeError describe) {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    reserve_standard_descriptors();
    const Words words(arguments + (argument_count > 0 ? 1 : 0), arguments + argument_count);
    const Context context{process_environment(), write_to_stdout, write_to_stderr};
    return run_command(named_command(argument_count, arguments, command), words, context, describe);
}

}  // namespace editprep::tools
