#pragma once

#include "tools/prepare_object_mask/prepare_object_mask.hpp"
#include "tools/shared/context.hpp"

namespace editprep::tools::prepare_object_mask {

/// The masks of several pictures, each on one thread. Lines and results come in the order of the
/// pictures; what a line says of a picture names it. Throws Failure, before any work, when two
/// masks would be one file, and ExitRequest when a picture failed.
void make_many_masks(const Options& options, const Context& context);

}  // namespace editprep::tools::prepare_object_mask
