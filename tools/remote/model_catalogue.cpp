#include "tools/remote/model_catalogue.hpp"

#include <filesystem>
#include <optional>
#include <string>

#include "tools/shared/display_path.hpp"

namespace editprep::tools {
namespace {

std::optional<std::string> user_file(const Environment& environment) {
    if (auto named = environment("EDITPREP_MODELS")) {
        return named;
    }
    std::optional<std::string> folder = environment("XDG_CONFIG_HOME");
    if (const auto home = environment("HOME"); !folder && home) {
        folder = join_path(*home, ".config");
    }
    std::error_code unknown;
    if (!folder || !std::filesystem::exists(join_path(*folder, "editprep/models.json"), unknown)) {
        return std::nullopt;
    }
    return join_path(*folder, "editprep/models.json");
}

}  // namespace

transport::ModelRegistry known_models(const Environment& environment) {
    auto models = transport::ModelRegistry::built_in();
    if (const auto file = user_file(environment)) {
        models.add_file(*file);
    }
    return models;
}

transport::ModelRegistry known_models(const Environment& environment, const std::string& id) {
    // A user's file may replace the model, or make one from another.
    return user_file(environment) ? known_models(environment)
                                  : transport::ModelRegistry::built_in(id);
}

}  // namespace editprep::tools
