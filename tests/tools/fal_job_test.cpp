#include "tools/remote/fal_job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "editprep/transport/error.hpp"
#include "fal_support.hpp"
#include "remote_support.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::RawServer;
using testing::RecordedRequest;
using testing::Reply;
using testing::TestServer;
using transport::JobState;

constexpr const char* kModel = "fal-ai/flux/dev";

FalInput input_of(const char* prompt) {
    return FalInput(nlohmann::ordered_json{{"prompt", prompt}});
}

SubmittedJob submit(FalSetup& setup) {
    return submit_job(setup.fal, setup.jobs, kModel, input_of("p"), {}, setup.err);
}

std::string failure_of(FalSetup& setup) {
    try {
        static_cast<void>(submit(setup));
        return "accepted";
    } catch (const Failure& failure) {
        return failure.what();
    }
}

const Reply kAccepted{.body = R"({"request_id":"r1","status":"IN_QUEUE"})"};

TEST(SubmitJob, WritesTheJobDownBeforeItIsSent) {
    const FalSetup* seen = nullptr;
    std::optional<transport::Job> while_sending;
    const TestServer server([&](const RecordedRequest&) {
        while_sending = seen->other_view().find(1);
        return kAccepted;
    });
    FalSetup setup(server.url());
    seen = &setup;

    const SubmittedJob job = submit(setup);
    EXPECT_EQ(job.id, 1);
    EXPECT_EQ(job.request.request_id, "r1");
    EXPECT_EQ(job.request.model, kModel);
    ASSERT_TRUE(while_sending);
    EXPECT_EQ(while_sending->state, JobState::sending);
    EXPECT_EQ(while_sending->input_json, R"({"prompt":"p"})");

    const auto after = setup.other_view().find(1);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->state, JobState::waiting);
    EXPECT_EQ(after->request_id, "r1");
    EXPECT_EQ(after->status, "IN_QUEUE");
}

TEST(SubmitJob, ARefusalIsAValue) {
    const TestServer server([](const RecordedRequest&) {
        return Reply{.status = 422, .body = R"({"detail":"no prompt"})"};
    });
    FalSetup setup(server.url());
    const SubmittedJob job = submit(setup);
    EXPECT_EQ(job.response.status, 422);
    EXPECT_EQ(job.request.request_id, "");
    const auto stored = setup.jobs.find(job.id);
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->state, JobState::refused);
    EXPECT_EQ(stored->error, "HTTP 422: no prompt");
}

TEST(SubmitJob, WhatNeverLeftIsRefused) {
    std::string nobody;
    {
        nobody = TestServer([](const RecordedRequest&) { return Reply{}; }).url();
    }
    FalSetup setup(nobody);
    EXPECT_THROW(static_cast<void>(submit(setup)), transport::Error);
    EXPECT_EQ(setup.jobs.find(1)->state, JobState::refused);
}

TEST(SubmitJob, ALostAnswerIsAnUnknownOutcomeAndIsNotSentAgain) {
    const RawServer server([](int socket) { static_cast<void>(testing::read_request(socket)); });
    FalSetup setup(server.url());
    EXPECT_THAT(failure_of(setup),
                AllOf(HasSubstr("job 1: "), HasSubstr("may charge for it"),
                      HasSubstr("not sent again"), HasSubstr("fal_client list")));
    EXPECT_EQ(server.connections(), 1);
    EXPECT_EQ(setup.jobs.find(1)->state, JobState::unknown_outcome);
}

TEST(SubmitJob, AFailureFromBehindTheGatewayIsAnUnknownOutcome) {
    int requests = 0;
    const TestServer server([&](const RecordedRequest&) {
        ++requests;
        return Reply{.status = 500, .body = R"({"detail":"internal"})"};
    });
    FalSetup setup(server.url());
    EXPECT_THAT(failure_of(setup), HasSubstr("HTTP 500: internal"));
    EXPECT_EQ(requests, 1);
    EXPECT_EQ(setup.jobs.find(1)->state, JobState::unknown_outcome);
}

TEST(SubmitJob, AFailureThatNamesTheRequestCanBeLookedAfter) {
    const TestServer server([](const RecordedRequest&) {
        return Reply{.status = 504, .body = "{}", .headers = {{"x-fal-request-id", "r9"}}};
    });
    FalSetup setup(server.url());
    EXPECT_THAT(failure_of(setup), HasSubstr("HTTP 504"));
    EXPECT_EQ(server.requests().size(), 1U);
    const auto job = setup.jobs.find(1);
    EXPECT_EQ(job->state, JobState::waiting);
    EXPECT_EQ(job->request_id, "r9");
    EXPECT_EQ(job->status, "UNKNOWN");
}

TEST(SubmitJob, AnyAnswerThatNamesTheRequestKeepsTheJobUnlessItBlamesTheRequest) {
    for (const int status : {307, 402, 408, 409, 429, 500}) {
        const TestServer server([status](const RecordedRequest&) {
            return Reply{.status = status, .body = "{}", .headers = {{"x-fal-request-id", "r9"}}};
        });
        FalSetup setup(server.url());
        EXPECT_THAT(failure_of(setup),
                    AllOf(HasSubstr("HTTP " + std::to_string(status)), HasSubstr("request r9"),
                          HasSubstr("fal_client result fal-ai/flux/dev r9")));
        EXPECT_EQ(server.requests().size(), 1U);
        EXPECT_EQ(setup.jobs.find(1)->state, JobState::waiting) << status;
        EXPECT_EQ(setup.jobs.find(1)->request_id, "r9");
    }
    for (const int status : {400, 401, 403, 404, 405, 413, 415, 422}) {
        const TestServer server([status](const RecordedRequest&) {
            return Reply{.status = status, .body = "{}", .headers = {{"x-fal-request-id", "r9"}}};
        });
        FalSetup setup(server.url());
        EXPECT_EQ(submit(setup).response.status, status);
        EXPECT_EQ(setup.jobs.find(1)->state, JobState::refused) << status;
    }
}

TEST(SubmitJob, ARedirectIsNotFollowed) {
    const TestServer server([](const RecordedRequest&) {
        return Reply{.status = 307, .body = "", .headers = {{"Location", "/elsewhere"}}};
    });
    FalSetup setup(server.url());
    EXPECT_EQ(failure_text(submit(setup).response), "HTTP 307: a redirect, which was not followed");
    EXPECT_EQ(server.requests().size(), 1U);
    EXPECT_EQ(setup.jobs.find(1)->state, JobState::refused);
}

TEST(SubmitJob, AGatewayThatStaysBusyHasRefused) {
    const TestServer server([](const RecordedRequest&) { return Reply{.status = 503}; });
    FalSetup setup(server.url());
    EXPECT_EQ(submit(setup).response.status, 503);
    EXPECT_GT(server.requests().size(), 1U);
    EXPECT_EQ(setup.jobs.find(1)->state, JobState::refused);
}

TEST(SubmitJob, AnAnswerWithoutARequestIdIsAnUnknownOutcome) {
    const TestServer server([](const RecordedRequest&) { return Reply{.body = R"({"a":1})"}; });
    FalSetup setup(server.url());
    EXPECT_THAT(failure_of(setup),
                AllOf(HasSubstr("job 1: "), HasSubstr("no request_id"), HasSubstr("as unknown")));
    EXPECT_EQ(setup.jobs.find(1)->state, JobState::unknown_outcome);
}

TEST(SubmitJob, TheHeaderNamesTheRequestWhereTheAnswerDoesNot) {
    const TestServer server([](const RecordedRequest&) {
        return Reply{.body = R"({"a":1})", .headers = {{"X-Fal-Request-Id", "r9"}}};
    });
    FalSetup setup(server.url());
    EXPECT_THAT(failure_of(setup), AllOf(HasSubstr("no request_id"), HasSubstr("request r9")));
    const auto job = setup.jobs.find(1);
    EXPECT_EQ(job->state, JobState::waiting);
    EXPECT_EQ(job->request_id, "r9");
    EXPECT_EQ(job->status, "UNKNOWN");
}

TEST(SubmitJob, AnAnswerThatIsNoJsonIsAnUnknownOutcome) {
    const TestServer server([](const RecordedRequest&) {
        return Reply{.body = "<html>", .content_type = "text/html"};
    });
    FalSetup setup(server.url());
    EXPECT_THAT(failure_of(setup), HasSubstr("job 1: "));
    EXPECT_EQ(setup.jobs.find(1)->state, JobState::unknown_outcome);
}

TEST(SubmitJob, RefusesAModelThatIsNoPathBeforeAnythingIsWritten) {
    const TestServer server([](const RecordedRequest&) { return kAccepted; });
    FalSetup setup(server.url());
    EXPECT_THROW(static_cast<void>(
                     submit_job(setup.fal, setup.jobs, "../admin", input_of("p"), {}, setup.err)),
                 transport::Error);
    EXPECT_TRUE(server.requests().empty());
    EXPECT_FALSE(setup.jobs.find(1));
}

/// Answers in turn; the last one again and again.
class Script {
public:
    explicit Script(std::deque<Reply> replies) : replies_(std::move(replies)) {}

    Reply next() {
        Reply reply = replies_.front();
        if (replies_.size() > 1) {
            replies_.pop_front();
        }
        return reply;
    }

private:
    std::deque<Reply> replies_;
};

Reply status_reply(const std::string& json) { return {.body = json}; }

/// A job that was accepted, and a server that answers looks at it.
struct WaitSetup {
    WaitSetup(std::deque<Reply> statuses, Reply result)
        : script(std::move(statuses)),
          server([this, result](const RecordedRequest& request) {
              const bool asks_status = request.target.find("/status") != std::string::npos;
              return asks_status ? script.next() : result;
          }),
          fal(server.url()) {
        job.id = fal.jobs.begin({"fal", kModel, "{}"});
        fal.jobs.accepted(job.id, {.request_id = "r1"});
        job.request = {.model = kModel, .request_id = "r1"};
    }

    transport::HttpResponse wait(const WaitOptions& options = {}) {
        return wait_for_job(fal.fal, fal.jobs, job, options, fal.clock, progress, context.err);
    }

    std::string failure(const WaitOptions& options = {}) {
        try {
            return "response " + std::to_string(wait(options).status);
        } catch (const Failure& failure) {
            return failure.what();
        }
    }

    [[nodiscard]] transport::Job stored() const { return fal.other_view().find(job.id).value(); }

    Script script;
    TestServer server;
    FalSetup fal;
    SubmittedJob job;
    Printed printed;
    Context context = printed.context();
    ProgressLine progress{context, /*quiet=*/true};
};

TEST(WaitForJob, FetchesTheResultAndKeepsIt) {
    WaitSetup setup(
        {status_reply(R"({"status":"IN_QUEUE","queue_position":2})"),
         status_reply(R"({"status":"IN_PROGRESS"})"), status_reply(R"({"status":"COMPLETED"})")},
        {.body = R"({"images":[]})"});
    const auto response = setup.wait();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"images":[]})");
    EXPECT_EQ(setup.stored().state, JobState::completed);
    EXPECT_EQ(setup.stored().result_json, R"({"images":[]})");
    EXPECT_EQ(setup.fal.time.slept().count(), 500 + 750);
}

TEST(WaitForJob, AJobThatFailedIsAValue) {
    WaitSetup setup({status_reply(R"({"status":"COMPLETED","error":"out of memory"})")}, {});
    EXPECT_EQ(setup.wait().status, 500);
    EXPECT_EQ(setup.stored().state, JobState::failed);
    EXPECT_EQ(setup.stored().error, "out of memory");
    EXPECT_EQ(setup.server.requests().size(), 1U);
}

TEST(WaitForJob, AResultThatIsAnErrorIsOne) {
    WaitSetup setup({status_reply(R"({"status":"COMPLETED"})")},
                    {.status = 422, .body = R"({"detail":[{"msg":"bad image","type":"x"}]})"});
    EXPECT_EQ(setup.wait().status, 422);
    EXPECT_EQ(setup.stored().state, JobState::failed);
    EXPECT_THAT(setup.stored().error.value_or(""), HasSubstr("bad image"));
}

TEST(WaitForJob, AnUnknownRequestOrAWrongKeyEndsItAtOnce) {
    for (const int status : {401, 403, 404}) {
        WaitSetup setup({{.status = status, .body = R"({"detail":"no"})"}}, {});
        EXPECT_THAT(setup.failure(), AllOf(HasSubstr("HTTP " + std::to_string(status)),
                                           HasSubstr("fal_client result fal-ai/flux/dev r1")));
        EXPECT_EQ(setup.server.requests().size(), 1U);
        EXPECT_EQ(setup.stored().state, JobState::waiting);
        EXPECT_THAT(setup.stored().error.value_or(""), HasSubstr("HTTP"));
    }
}

TEST(WaitForJob, GetsOverFailuresThatPass) {
    WaitSetup setup({{.status = 500}, {.status = 502}, status_reply(R"({"status":"COMPLETED"})")},
                    {.body = "{}"});
    EXPECT_EQ(setup.wait().status, 200);
}

TEST(WaitForJob, GivesUpWhenTheyDoNotPassAndKeepsTheJob) {
    WaitSetup setup({{.status = 500}}, {});
    EXPECT_THAT(setup.failure(), HasSubstr("HTTP 500"));
    EXPECT_EQ(setup.stored().state, JobState::waiting);
}

TEST(WaitForJob, StopsAtTheEndOfItsTime) {
    WaitSetup setup({status_reply(R"({"status":"IN_PROGRESS"})")}, {});
    WaitOptions options;
    options.budget = std::chrono::seconds(10);
    EXPECT_THAT(setup.failure(options), AllOf(HasSubstr("not finished after 10 s"),
                                              HasSubstr("fal_client result fal-ai/flux/dev r1")));
    EXPECT_LE(setup.fal.time.slept(), std::chrono::seconds(10));
    EXPECT_EQ(setup.stored().state, JobState::waiting);
}

TEST(WaitForJob, WithATimeToKeepItGoesOnLookingUntilThen) {
    WaitSetup setup({{.status = 500}}, {});
    WaitOptions options;
    options.budget = std::chrono::seconds(60);
    EXPECT_THAT(setup.failure(options),
                AllOf(HasSubstr("not finished after 60 s"), HasSubstr("HTTP 500")));
    EXPECT_GT(setup.fal.time.slept(), std::chrono::seconds(50));
    EXPECT_LE(setup.fal.time.slept(), std::chrono::seconds(60));
}

TEST(WaitForJob, AStoreThatCannotBeWrittenHidesNoResult) {
    WaitSetup setup(
        {status_reply(R"({"status":"IN_QUEUE"})"), status_reply(R"({"status":"IN_QUEUE"})"),
         status_reply(R"({"status":"COMPLETED"})")},
        {.body = R"({"images":[]})"});
    setup.job.id = 77;
    EXPECT_EQ(setup.wait().body, R"({"images":[]})");
    EXPECT_THAT(setup.printed.err,
                AllOf(HasSubstr("WARN: job 77 is not finished"),
                      HasSubstr("WARN: job 77 is completed; its result can be had by: fal_client "
                                "result fal-ai/flux/dev r1; that could not be written down: ")));
    EXPECT_EQ(std::ranges::count(setup.printed.err, '\n'), 2);
}

TEST(WaitForJob, StopsWhenTheUserInterrupts) {
    WaitSetup setup({status_reply(R"({"status":"IN_PROGRESS"})")}, {});
    setup.fal.time.interrupted = true;
    EXPECT_THAT(setup.failure(), HasSubstr("interrupted; the job r1 goes on"));
    EXPECT_EQ(setup.stored().state, JobState::waiting);
}

TEST(LookAtJob, ToldTooEarlyTheJobIsStillWaiting) {
    WaitSetup setup({status_reply(R"({"status":"COMPLETED"})")},
                    {.status = 400, .body = R"({"detail":"Request is still in progress"})"});
    EXPECT_EQ(look_at_job(setup.fal.fal, setup.job.request).outcome, JobLook::Outcome::waiting);
}

TEST(LookAtJob, AnExpiredResultLeavesTheJobUnclear) {
    WaitSetup setup({status_reply(R"({"status":"COMPLETED"})")}, {.status = 404});
    const JobLook look = look_at_job(setup.fal.fal, setup.job.request);
    EXPECT_EQ(look.outcome, JobLook::Outcome::unclear);
    EXPECT_FALSE(look.worth_another_look);
}

}  // namespace
}  // namespace editprep::tools
