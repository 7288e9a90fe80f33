#include "tools/fal_client/model_input.hpp"

#include <stdexcept>
#include <utility>

#include "tools/clips/clip_check.hpp"
#include "tools/remote/json_argument.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::fal_client {
namespace {

using Json = nlohmann::ordered_json;

Json parse_object(const std::string& text) {
    try {
        Json value = read_json(text);
        if (!value.is_object()) {
            throw Failure("the input must be a JSON object");
        }
        return value;
    } catch (const std::invalid_argument& error) {
        throw Failure(std::string("the input is not JSON that can be read: ") + error.what() +
                      "; give an object, @FILE or -");
    }
}

}  // namespace

FalInput read_input(const std::string& argument) {
    return FalInput(parse_object(read_json_argument(argument)));
}

void tell_findings(const Session& session, const transport::Validation& found, bool skip_validation,
                   const std::string& skipped) {
    const Sink& err = session.context().err;
    const auto warn = [&](const std::string& text) {
        err("\u26a0\ufe0f  " + one_line(text) + '\n');
    };
    for (const std::string& text : found.warnings) {
        warn(text);
    }
    if (skip_validation) {
        for (const std::string& text : found.errors) {
            warn(text + " (" + skipped + " all the same)");
        }
    } else if (!found.errors.empty()) {
        err("\u274c Validation failed:\n");
        for (const std::string& text : found.errors) {
            err("   - " + one_line(text) + '\n');
        }
        throw ExitRequest{kFailed};
    }
}

void check_input(const Session& session, const std::string& model_id, const transport::Model* model,
                 const FalInput& input, bool skip_validation) {
    auto found = transport::validate_input(model, model_id, input.json_to_validate(model));
    check_clips(input, model, found);
    tell_findings(session, found, skip_validation, "sent");
}

}  // namespace editprep::tools::fal_client
