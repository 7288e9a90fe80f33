#include "tools/remote/network.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "remote_support.hpp"

namespace editprep::tools {
namespace {

TEST(NetworkSettings, AreEmptyWithoutVariables) {
    const auto settings = network_settings(environment_of({}));
    EXPECT_TRUE(settings.user_agent.starts_with("editprep/"));
    EXPECT_EQ(settings.http_proxy, "");
    EXPECT_EQ(settings.https_proxy, "");
    EXPECT_EQ(settings.ca_bundle, "");
    EXPECT_FALSE(settings.allow_insecure);
    EXPECT_EQ(settings.cancel, &interruption());
}

TEST(NetworkSettings, TakeProxiesInEitherCase) {
    const auto upper =
        network_settings(environment_of({{"HTTP_PROXY", "http://a"}, {"HTTPS_PROXY", "http://b"}}));
    EXPECT_EQ(upper.http_proxy, "http://a");
    EXPECT_EQ(upper.https_proxy, "http://b");
    const auto lower = network_settings(environment_of(
        {{"http_proxy", "http://c"}, {"HTTP_PROXY", "http://a"}, {"https_proxy", "http://d"}}));
    EXPECT_EQ(lower.http_proxy, "http://c");
    EXPECT_EQ(lower.https_proxy, "http://d");
}

TEST(NetworkSettings, AllProxyStandsInForWhatIsNotNamed) {
    const auto settings = network_settings(
        environment_of({{"ALL_PROXY", "http://all"}, {"HTTPS_PROXY", "http://b"}}));
    EXPECT_EQ(settings.http_proxy, "http://all");
    EXPECT_EQ(settings.https_proxy, "http://b");
}

TEST(NetworkSettings, NoProxyReachesTheLoopback) {
    EXPECT_EQ(network_settings(environment_of({})).no_proxy, "localhost,127.0.0.1,::1");
    EXPECT_EQ(network_settings(environment_of({{"NO_PROXY", "a.example"}})).no_proxy,
              "a.example,localhost,127.0.0.1,::1");
}

TEST(NetworkSettings, TakeTheFirstBundleOfCertificates) {
    EXPECT_EQ(network_settings(environment_of({{"SSL_CERT_FILE", "c"}})).ca_bundle, "c");
    EXPECT_EQ(network_settings(environment_of({{"SSL_CERT_FILE", "c"}, {"CURL_CA_BUNDLE", "b"}}))
                  .ca_bundle,
              "b");
    EXPECT_EQ(
        network_settings(environment_of({{"CURL_CA_BUNDLE", "b"}, {"REQUESTS_CA_BUNDLE", "a"}}))
            .ca_bundle,
        "a");
}

TEST(LookupIn, AnswersAsTheEnvironmentDoes) {
    const auto lookup = lookup_in(environment_of({{"A", "1"}, {"B", ""}}));
    EXPECT_EQ(lookup("A"), "1");
    EXPECT_EQ(lookup("B"), std::nullopt);
    EXPECT_EQ(lookup("C"), std::nullopt);
}

/// In a process of its own, which the second signal ends.
TEST(InterruptionDeathTest, TheFirstSignalRaisesTheFlagAndTheSecondEndsTheProcess) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(
        {
            // A shell without job control starts what runs in the background to ignore it.
            std::signal(SIGINT, SIG_DFL);
            const std::atomic<bool>& interrupted = interruption();
            std::raise(SIGTERM);
            // The same wish once more.
            std::raise(SIGTERM);
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
            if (interrupted) {
                std::raise(SIGINT);
            }
            std::_Exit(1);
        },
        ::testing::KilledBySignal(SIGINT), "");
}

TEST(InterruptionDeathTest, ASignalThatWasIgnoredStaysIgnored) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(
        {
            std::signal(SIGHUP, SIG_IGN);
            const std::atomic<bool>& interrupted = interruption();
            std::raise(SIGHUP);
            std::_Exit(interrupted ? 1 : 0);
        },
        ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace editprep::tools
