#pragma once

#include <nlohmann/json.hpp>

#include "tools/generate_batch_media/batch_item.hpp"
#include "tools/generate_batch_media/commands.hpp"

/// From a rendered item to a command line (contract, sections 14.3 and 14.4).
namespace editprep::tools::generate_batch_media {

/// The mode of an item that names none.
inline constexpr const char* kDefaultMode = "image";

/// Items with references go to reference_media, unless their mode is an edit's; the others go by
/// their mode. Throws Failure for a mode that no command is for.
[[nodiscard]] const BatchCommand& route(const nlohmann::ordered_json& item);

/// Fills in `words`: what callers of the older command know in its order, then further keys as
/// options of the same name, in the item's order. A list gives an option for each element, true a
/// flag, false its opposite if there is one, an object its JSON. Keys that the command has no
/// option for become `warnings`. Throws Failure for a value that fits no option.
void spell_out(BatchItem& item, const BatchCommand& command);

}  // namespace editprep::tools::generate_batch_media
