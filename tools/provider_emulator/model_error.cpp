#include "tools/provider_emulator/model_error.hpp"

namespace editprep::tools::provider_emulator {

Json mistake(const Json& location, const std::string& message, const std::string& type,
             const Json& context) {
    Json entry{{"loc", location}, {"msg", message}, {"type", type}};
    if (!context.empty()) {
        entry["ctx"] = context;
    }
    return entry;
}

void refuse_all(const Json& mistakes) {
    throw ModelError{mistakes, mistakes.at(0).at("msg").get<std::string>(),
                     mistakes.at(0).at("type").get<std::string>()};
}

void refuse(const Json& location, const std::string& message, const std::string& type,
            const Json& context) {
    refuse_all(Json::array({mistake(location, message, type, context)}));
}

void refuse_field(const std::string& field, const std::string& message, const std::string& type,
                  const Json& context) {
    refuse({"body", field}, message, type, context);
}

}  // namespace editprep::tools::provider_emulator
