#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tools/prepare_object_mask/prepare_object_mask.hpp"
#include "tools/shared/context.hpp"

namespace editprep::tools::prepare_object_mask {

/// One picture and its mask.
struct MaskJob {
    std::string image;
    std::string out;
};

/// Where the mask of a picture goes.
[[nodiscard]] MaskJob job_for(const std::string& image, const Options& options);

/// Makes the mask; what is known of it as --print-json shows it.
/// @param threads as SelectionOptions::threads
[[nodiscard]] nlohmann::ordered_json make_mask(const MaskJob& job, const Options& options,
                                               int threads, const Context& context);

}  // namespace editprep::tools::prepare_object_mask
