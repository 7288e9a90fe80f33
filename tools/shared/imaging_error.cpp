#include "tools/shared/imaging_error.hpp"

#include "editprep/imaging/error.hpp"

namespace editprep::tools {

std::optional<std::string> describe_imaging_error(const std::exception& error) {
    const auto* known = dynamic_cast<const imaging::Error*>(&error);
    if (known == nullptr) {
        return std::nullopt;
    }
    if (known->errc() == imaging::Errc::invalid_region ||
        known->errc() == imaging::Errc::invalid_margins) {
        return known->what();
    }
    std::string line = std::string("ERROR: ") + known->what();
    if (!known->next_step().empty()) {
        line += "; " + known->next_step();
    }
    return line;
}

}  // namespace editprep::tools
