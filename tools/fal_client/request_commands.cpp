#include "tools/fal_client/subcommands.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::fal_client {
namespace {

struct RequestWords {
    std::optional<std::string> model;
    std::optional<std::string> request_id;

    void add_to(CommandLine& line) {
        line.positional("MODEL", model, "The model that the request went to");
        line.positional("ID", request_id, "What submit printed as request_id");
    }

    [[nodiscard]] bool complete() const { return model && request_id; }

    [[nodiscard]] transport::FalRequest request() const {
        transport::check_fal_endpoint_id(*model);
        return {.model = *model, .request_id = *request_id};
    }
};

}  // namespace

void status(const Words& words, Session& session) {
    RequestWords request;
    bool logs = false;
    CommandLine line("fal_client status", "Prints the status of a request.");
    request.add_to(line);
    line.flag("--logs", logs, {.help = "With the model's log lines so far"});
    session.parse(line, words, [&] { return request.complete(); });
    session.print(require_success(session.fal().status(request.request(), logs)).body);
}

void result(const Words& words, Session& session) {
    RequestWords request;
    CommandLine line("fal_client result", "Prints the result of a finished request.");
    request.add_to(line);
    session.parse(line, words, [&] { return request.complete(); });
    session.print(require_success(session.fal().result(request.request())).body);
}

void cancel(const Words& words, Session& session) {
    RequestWords request;
    CommandLine line("fal_client cancel",
                     "Asks to cancel a request. One that is being worked on may finish and cost "
                     "money all the same; it stays in the list until poll sees its end.");
    request.add_to(line);
    session.parse(line, words, [&] { return request.complete(); });
    switch (session.fal().cancel(request.request())) {
        case transport::CancelOutcome::requested:
            session.print(R"({"status":"CANCELLATION_REQUESTED"})");
            return;
        case transport::CancelOutcome::already_completed:
            throw Failure("request " + *request.request_id + " is finished already; get it with: " +
                          "fal_client result " + *request.model + ' ' + *request.request_id);
        case transport::CancelOutcome::not_found:
            throw Failure("fal knows no request " + *request.request_id + " of " +
                          transport::fal_base_model(*request.model));
    }
}

}  // namespace editprep::tools::fal_client
