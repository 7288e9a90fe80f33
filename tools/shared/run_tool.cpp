#include "tools/shared/run_tool.hpp"

#include <csignal>
#include <cstdlib>
#include <new>
#include <sstream>

#include "tools/shared/failure.hpp"
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

std::optional<std::string> process_environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') {
        return std::nullopt;
    }
    return value;
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
    const Context context{process_environment, write_to_stdout, write_to_stderr};
    return run_command(command, words, context, describe);
}

}  // namespace editprep::tools
