#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/generate_batch_media/shard.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Variables = std::map<std::string, std::string>;

Environment environment_of(const Variables& variables) {
    return [variables](const char* name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

Variables slurm(const std::string& id, const std::string& min, const std::string& max,
                const std::string& step, const std::string& count) {
    return {{"SLURM_ARRAY_TASK_ID", id},
            {"SLURM_ARRAY_TASK_MIN", min},
            {"SLURM_ARRAY_TASK_MAX", max},
            {"SLURM_ARRAY_TASK_STEP", step},
            {"SLURM_ARRAY_TASK_COUNT", count}};
}

Variables kubernetes(const std::string& index, const std::string& count) {
    return {{"JOB_COMPLETION_INDEX", index}, {"EDITPREP_SHARD_COUNT", count}};
}

/// The shard as text, or why there is none.
std::string told_by(const Variables& variables) {
    try {
        const auto shard = shard_of_scheduler(environment_of(variables));
        return shard ? to_string(*shard) : "none";
    } catch (const Failure& failure) {
        return failure.what();
    }
}

void expect_refused(const Variables& variables, const std::string& reason) {
    const std::string told = told_by(variables);
    EXPECT_TRUE(told.starts_with(reason)) << told;
    EXPECT_NE(told.find("--shard I/N"), std::string::npos) << told;
}

TEST(ParseShard, ReadsNumberAndCount) {
    EXPECT_EQ(parse_shard("2/4"), (Shard{2, 4}));
    EXPECT_EQ(parse_shard("1/1"), (Shard{1, 1}));
    EXPECT_EQ(parse_shard("2147483647/2147483647").count, 2147483647);
    EXPECT_EQ(to_string(parse_shard("03/12")), "3/12");
}

TEST(ParseShard, RefusesEverythingElse) {
    for (const std::string text : {"",
                                   "/",
                                   "2",
                                   "2/",
                                   "/4",
                                   "0/4",
                                   "5/4",
                                   "-1/4",
                                   "+1/4",
                                   " 1/4",
                                   "1/4 ",
                                   "1 /4",
                                   "1/-4",
                                   "1/0",
                                   "a/b",
                                   "1/4/2",
                                   "1.0/4",
                                   "1/2147483648",
                                   "99999999999999999999/1",
                                   "1/99999999999999999999"}) {
        try {
            static_cast<void>(parse_shard(text));
            ADD_FAILURE() << text;
        } catch (const UsageError& error) {
            EXPECT_EQ(std::string(error.what()), "argument --shard: invalid shard: '" + text +
                                                     "' (2/4 is the second of four)");
        }
    }
}

TEST(Shard, EveryItemIsInExactlyOne) {
    for (const int count : {1, 2, 3, 4, 7}) {
        for (int item = 1; item <= 20; ++item) {
            int holders = 0;
            for (int number = 1; number <= count; ++number) {
                holders += Shard{number, count}.holds(item) ? 1 : 0;
            }
            EXPECT_EQ(holders, 1) << item << " of " << count;
        }
    }
}

TEST(Shard, GoesRoundInTurn) {
    EXPECT_TRUE((Shard{1, 4}.holds(1)));
    EXPECT_TRUE((Shard{2, 4}.holds(2)));
    EXPECT_TRUE((Shard{4, 4}.holds(4)));
    EXPECT_TRUE((Shard{1, 4}.holds(5)));
    EXPECT_FALSE((Shard{2, 4}.holds(5)));
}

TEST(ShardOfScheduler, IsNothingWithoutOne) {
    EXPECT_EQ(told_by({}), "none");
    EXPECT_EQ(told_by({{"SLURM_JOB_ID", "17"}, {"SLURM_PROCID", "2"}}), "none");
}

TEST(ShardOfScheduler, CountsFromTheFirstTaskOfTheArray) {
    EXPECT_EQ(told_by(slurm("0", "0", "3", "1", "4")), "1/4");
    EXPECT_EQ(told_by(slurm("3", "0", "3", "1", "4")), "4/4");
    EXPECT_EQ(told_by(slurm("1", "1", "4", "1", "4")), "1/4");
    EXPECT_EQ(told_by(slurm("4", "1", "4", "1", "4")), "4/4");
    EXPECT_EQ(told_by(slurm("12", "10", "12", "1", "3")), "3/3");
}

TEST(ShardOfScheduler, ObeysTheStepOfTheArray) {
    EXPECT_EQ(told_by(slurm("0", "0", "6", "2", "4")), "1/4");
    EXPECT_EQ(told_by(slurm("6", "0", "6", "2", "4")), "4/4");
    EXPECT_EQ(told_by(slurm("5", "2", "8", "3", "3")), "2/3");
    // Some give the end as it was asked for: --array=2-9:3.
    EXPECT_EQ(told_by(slurm("8", "2", "9", "3", "3")), "3/3");
}

TEST(ShardOfScheduler, TakesAMissingStepForOne) {
    Variables variables = slurm("2", "1", "4", "", "4");
    variables.erase("SLURM_ARRAY_TASK_STEP");
    EXPECT_EQ(told_by(variables), "2/4");
}

TEST(ShardOfScheduler, RefusesAnArrayThatIsAList) {
    expect_refused(slurm("3", "1", "7", "1", "3"),
                   "the place of task 3 among the 3 of its Slurm array cannot be told");
    expect_refused(slurm("0", "0", "5", "1", "4"), "the place of task 0");
    // Were a list to have a step, a task between two steps would still not be taken for another.
    expect_refused(slurm("3", "0", "6", "2", "4"), "the place of task 3");
}

TEST(ShardOfScheduler, RefusesATaskOutsideItsArray) {
    expect_refused(slurm("9", "0", "3", "1", "4"), "the place of task 9");
    expect_refused(slurm("0", "1", "4", "1", "4"), "the place of task 0");
    expect_refused(slurm("1", "4", "1", "1", "4"),
                   "SLURM_ARRAY_TASK_MAX is not a whole number from 4: 1");
}

TEST(ShardOfScheduler, RefusesALonelyTaskThatMayBeARepetition) {
    expect_refused(slurm("5", "5", "5", "1", "1"), "a Slurm array of the one task 5");
    EXPECT_EQ(told_by(slurm("0", "0", "0", "1", "1")), "1/1");
    EXPECT_EQ(told_by(slurm("1", "1", "1", "1", "1")), "1/1");
}

TEST(ShardOfScheduler, HoldsTheArrayAgainstTheCountThatIsGiven) {
    Variables variables = slurm("2", "2", "3", "1", "2");
    EXPECT_EQ(told_by(variables), "1/2");
    variables["EDITPREP_SHARD_COUNT"] = "4";
    expect_refused(variables, "the Slurm array has 2 tasks, and EDITPREP_SHARD_COUNT says 4");
    variables["EDITPREP_SHARD_COUNT"] = "2";
    EXPECT_EQ(told_by(variables), "1/2");
}

TEST(ShardOfScheduler, RefusesAHalfKnownArray) {
    for (const char* name : {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT",
                             "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX"}) {
        Variables variables = slurm("0", "0", "3", "1", "4");
        variables.erase(name);
        const std::string told = told_by(variables);
        EXPECT_NE(told.find(std::string(name) + " is not"), std::string::npos) << told;
    }
}

TEST(ShardOfScheduler, RefusesNumbersThatAreNone) {
    for (const std::string bad : {"x", "-1", "+1", " 1", "1.5", "0x2", "99999999999999999999"}) {
        expect_refused(slurm(bad, "0", "3", "1", "4"), "SLURM_ARRAY_TASK_ID is not a whole number");
        expect_refused(slurm("0", "0", "3", "1", bad), "SLURM_ARRAY_TASK_COUNT is not a whole");
        expect_refused(kubernetes(bad, "4"), "JOB_COMPLETION_INDEX is not a whole number from 0");
        expect_refused(kubernetes("0", bad), "EDITPREP_SHARD_COUNT is not a whole number from 1");
    }
    expect_refused(slurm("0", "0", "3", "0", "4"), "SLURM_ARRAY_TASK_STEP is not a whole number");
    expect_refused(kubernetes("0", "0"), "EDITPREP_SHARD_COUNT is not a whole number from 1: 0");
}

TEST(ShardOfScheduler, CountsTheIndicesOfAJobFromZero) {
    EXPECT_EQ(told_by(kubernetes("0", "4")), "1/4");
    EXPECT_EQ(told_by(kubernetes("3", "4")), "4/4");
    EXPECT_EQ(told_by(kubernetes("0", "1")), "1/1");
}

TEST(ShardOfScheduler, RefusesAHalfKnownJob) {
    expect_refused({{"JOB_COMPLETION_INDEX", "2"}},
                   "JOB_COMPLETION_INDEX is set and EDITPREP_SHARD_COUNT is not");
    expect_refused({{"EDITPREP_SHARD_COUNT", "4"}},
                   "EDITPREP_SHARD_COUNT is set and JOB_COMPLETION_INDEX is not");
    expect_refused(kubernetes("4", "4"), "JOB_COMPLETION_INDEX is 4, beyond the 4");
}

TEST(ShardOfScheduler, RefusesTwoSchedulersAtOnce) {
    Variables variables = slurm("0", "0", "3", "1", "4");
    variables.merge(kubernetes("0", "4"));
    expect_refused(variables, "both SLURM_ARRAY_TASK_ID and JOB_COMPLETION_INDEX are set");
}

}  // namespace
}  // namespace editprep::tools::generate_batch_media
