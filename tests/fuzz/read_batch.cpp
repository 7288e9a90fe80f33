#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "tools/generate_batch_media/manifest.hpp"
#include "tools/generate_batch_media/template.hpp"
#include "tools/shared/failure.hpp"

/// Any text is either refused with a Failure or gives items, each of which has a command or an
/// error. As a template it grows by no more than its variables, and without any it keeps what is no
/// pair of braces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace editprep::tools::generate_batch_media;
    using Json = nlohmann::ordered_json;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const std::string without = render(text, Json::object());
    if (without.size() > text.size()) {
        std::abort();
    }
    if (text.find("{{") == std::string::npos && text.find("}}") == std::string::npos &&
        without != text) {
        std::abort();
    }
    const Json variables{{"a", "value"}, {"index", 7}};
    if (render(text, variables).size() > 33 * text.size() + 99) {
        std::abort();
    }
    try {
        int index = 0;
        for (const Json& entry : parse_manifest(text, "manifest")) {
            const BatchItem item = prepare_item(entry, ++index, variables);
            if (item.command.empty() == item.error.empty()) {
                std::abort();
            }
        }
    } catch (const editprep::tools::Failure&) {
        return 0;
    }
    return 0;
}
