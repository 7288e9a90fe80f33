#include "tools/fal_client/fal_client.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "tools/fal_client/session.hpp"
#include "tools/fal_client/subcommands.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/help_text.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools::fal_client {
namespace {

struct Subcommand {
    const char* name;
    const char* section;
    const char* arguments;
    const char* purpose;
    void (*run)(const Words& words, Session& session);
};

constexpr Subcommand kSubcommands[] = {
    {"submit", "Jobs", "MODEL JSON", "Check an input, queue it and write the job down", submit},
    {"poll", "Jobs", "", "Look at every pending job, print those that are finished", poll},
    {"list", "Jobs", "", "Print the pending jobs; needs no network and no key", list},
    {"collect", "Jobs", "[JOB...]", "Save the media of every finished job", collect},
    {"forget", "Jobs", "JOB...", "Take jobs off the list", forget},
    {"status", "Requests", "MODEL ID", "Print the status of a request", status},
    {"result", "Requests", "MODEL ID", "Print the result of a request", result},
    {"cancel", "Requests", "MODEL ID", "Cancel a request", cancel},
    {"run", "Requests", "MODEL JSON", "Call a model and wait on one connection", run_synchronously},
    {"upload", "Files", "FILE", "Upload a file and print its URL", upload},
    {"to-data-uri", "Files", "FILE", "Print a file as a data URI", to_data_uri},
    {"video-to-uri", "Files", "FILE", "The same for a clip, after a look at it", video_to_uri},
    {"models", "Models", "", "List the models that are known", models},
    {"model-info", "Models", "[MODEL]", "Print what a model accepts", model_info},
    {"estimate", "Models", "MODEL [JSON]", "Print what a call would cost", estimate},
    {"check-key", "Key", "", "Say whether there is a key, and where", check_key},
};

std::string usage() {
    std::vector<HelpEntry> entries;
    for (const Subcommand& known : kSubcommands) {
        const std::string arguments =
            *known.arguments == '\0' ? "" : ' ' + std::string(known.arguments);
        entries.push_back({known.section, known.name + arguments, known.purpose});
    }
    return "Usage: fal_client COMMAND [arguments] [options]\n\n"
           "Sends jobs to the models of fal.ai, and loses none. JSON is an argument, @FILE or - "
           "for\n"
           "standard input.\n" +
           format_entries(entries) + "\nMore on one: fal_client COMMAND --help\n";
}

void dispatch(const Words& words, Session& session) {
    if (words.empty()) {
        session.context().out(usage());
        throw ExitRequest{kFailed};
    }
    const std::string& name = words.front();
    if (name == "--help" || name == "-h") {
        throw InfoRequest{usage()};
    }
    if (name == "--version") {
        CommandLine("fal_client", "").parse(words);
    }
    const auto known = std::ranges::find(kSubcommands, name, &Subcommand::name);
    if (known == std::end(kSubcommands)) {
        session.context().out("Unknown command: " + one_line(name) + '\n' + usage());
        throw ExitRequest{kFailed};
    }
    known->run({words.begin() + 1, words.end()}, session);
}

}  // namespace

void run(const Words& words, const Context& context) {
    Session session(context);
    dispatch(words, session);
}

}  // namespace editprep::tools::fal_client
