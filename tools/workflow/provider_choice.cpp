#include "tools/workflow/provider_choice.hpp"

#include "tools/shared/failure.hpp"

namespace editprep::tools {

ProviderChoice choose_provider(const std::string& option, const Environment& environment) {
    if (!option.empty()) {
        return {option, "--provider"};
    }
    if (const auto name = environment(kProviderVariable)) {
        return {*name, kProviderVariable};
    }
    return {};
}

void require_able_to_edit(const ProviderChoice& choice, const std::string& stop_option) {
    if (choice.is_local()) {
        return;
    }
    if (choice.name.empty()) {
        throw Failure(std::string("no provider was chosen; name one with --provider or ") +
                      kProviderVariable +
                      " (--provider local is built in), or stop before the edit with " +
                      stop_option);
    }
    throw Failure("provider '" + choice.name + "' (named by " + choice.named_by +
                  ") cannot be used by this version; edit with --provider local, or stop before "
                  "the edit with " +
                  stop_option);
}

}  // namespace editprep::tools
