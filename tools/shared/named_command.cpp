#include "tools/shared/named_command.hpp"

#include <filesystem>
#include <string>

#include "tools/shared/failure.hpp"

namespace editprep::tools {

Command named_command(int argument_count, char** arguments, const Command& command) {
    const std::string name =
        argument_count > 0 ? std::filesystem::path(arguments[0]).filename().string() : "";
    return [name, command](const Words& words, const Context& context) {
        try {
            command(words, context);
        } catch (const UsageError& error) {
            if (!error.text().empty()) {
                throw;
            }
            throw UsageError(error.what(), usage_error_text(name, error.what()));
        }
    };
}

}  // namespace editprep::tools
