#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "editprep/transport/error.hpp"
#include "editprep/transport/model_registry.hpp"

/// Any text is either refused with an Error or gives models that can be described, priced and held
/// against the text itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace editprep::transport;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    ModelRegistry registry;
    try {
        registry.add_text(text, "text");
    } catch (const Error&) {
        return 0;
    }
    for (const Model& model : registry.models()) {
        if (registry.find(model.id) != &model || describe_model(model).empty()) {
            std::abort();
        }
        try {
            static_cast<void>(estimate_price(model, text));
            static_cast<void>(validate_input(&model, model.id, text));
        } catch (const Error&) {
            continue;
        }
    }
    return 0;
}
