#pragma once

#include <string>
#include <vector>

#include "editprep/transport/model_registry.hpp"
#include "tools/remote/fal_input.hpp"

/// Pictures and sound held against what a model accepts, before anything is paid for. Clips are
/// tools/clips' business.
namespace editprep::tools {

/// The local pictures and sounds of an input, in its model's file fields: kind, format, bytes, and
/// of pictures what their header says of their size. One line for each fault, which begins with the
/// field and the file. `model` may be null: then nothing is checked.
void check_files(const FalInput& input, const transport::Model* model,
                 std::vector<std::string>& errors);

}  // namespace editprep::tools
