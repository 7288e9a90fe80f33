#include "tools/shared/run_tool.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

struct Ending {
    int exit_code = -1;
    std::string out;
    std::string err;
};

Ending run(const std::function<void(const Context&)>& work, DescribeError describe = nullptr) {
    Ending ending;
    const Context context{[](const char*) { return std::nullopt; },
                          [&](std::string_view text) { ending.out += text; },
                          [&](std::string_view text) { ending.err += text; }};
    const Command command = [&](const Words&, const Context& given) { work(given); };
    ending.exit_code = run_command(command, {}, context, describe);
    return ending;
}

TEST(RunCommand, DoneIsZeroAndSilent) {
    const Ending ending = run([](const Context& context) { context.out("result\n"); });
    EXPECT_EQ(ending.exit_code, 0);
    EXPECT_EQ(ending.out, "result\n");
    EXPECT_EQ(ending.err, "");
}

TEST(RunCommand, AnExitRequestAddsNothingToWhatWasPrinted) {
    const Ending ending = run([](const Context& context) {
        context.out("STATUS: 400\n");
        throw ExitRequest{};
    });
    EXPECT_EQ(ending.exit_code, 1);
    EXPECT_EQ(ending.out, "STATUS: 400\n");
    EXPECT_EQ(ending.err, "");
}

TEST(RunCommand, AnExitRequestCarriesItsCode) {
    EXPECT_EQ(run([](const Context&) { throw ExitRequest{kLimitPassed}; }).exit_code, 3);
}

TEST(RunCommand, AFailureIsOneLine) {
    const Ending ending = run([](const Context&) { throw Failure("first\nsecond"); });
    EXPECT_EQ(ending.exit_code, 1);
    EXPECT_EQ(ending.err, "ERROR: first\\nsecond\n");
}

TEST(RunCommand, ADescriptionKeepsItsLines) {
    const DescribeError describe = [](const std::exception& error) {
        return std::optional(std::string(error.what()) + "\nConfig: a\x1b[2Jb");
    };
    const Ending ending =
        run([](const Context&) { throw std::runtime_error("provider not found: x"); }, describe);
    EXPECT_EQ(ending.exit_code, 1);
    EXPECT_EQ(ending.err, "provider not found: x\nConfig: a\\x1b[2Jb\n");
}

TEST(RunCommand, AUsageErrorWithoutATextIsItsReason) {
    const Ending ending = run([](const Context&) { throw UsageError("argument --x: no"); });
    EXPECT_EQ(ending.exit_code, 2);
    EXPECT_EQ(ending.err, "argument --x: no\n");
}

TEST(RunCommand, AnUnknownExceptionIsAnErrorLine) {
    const Ending ending = run([](const Context&) { throw std::runtime_error("why"); });
    EXPECT_EQ(ending.exit_code, 1);
    EXPECT_EQ(ending.out, "");
    EXPECT_EQ(ending.err, "ERROR: why\n");
}

}  // namespace
}  // namespace editprep::tools
