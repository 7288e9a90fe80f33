#include "tools/fal_client/subcommands.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::fal_client {

void check_key(const Words& words, Session& session) {
    CommandLine line("fal_client check-key",
                     "Says whether there is a key, and where it was found.");
    session.parse(line, words, [] { return true; });
    const transport::FalKey found =
        look_for_fal_key({}, session.context().environment, session.story());
    if (found.key.empty()) {
        session.context().out("ERROR: No key found\n");
        throw ExitRequest{kFailed};
    }
    session.story().note("the key was found in " + found.found_in);
    session.context().out("OK: Key found (" + std::string(found.key.beginning()) + "...)\n");
}

}  // namespace editprep::tools::fal_client
