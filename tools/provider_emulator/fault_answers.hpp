#pragma once

#include <httplib.h>

#include "tools/provider_emulator/faults.hpp"

namespace editprep::tools::provider_emulator {

/// Fills in what a fault of the stage `answer` sends in place of the service's own answer.
void answer_for(const Fault& fault, const httplib::Request& request, httplib::Response& response);

}  // namespace editprep::tools::provider_emulator
