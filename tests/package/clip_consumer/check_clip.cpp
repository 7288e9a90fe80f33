#include <editprep/video/error.hpp>
#include <editprep/video/pattern_clip.hpp>
#include <editprep/video/preflight.hpp>
#include <editprep/video/probe.hpp>
#include <iostream>

/// Makes a clip of two seconds, and says why a model that wants three refuses it.
int main(int, char** argv) {
    namespace video = editprep::video;
    try {
        video::write_pattern_clip(argv[1], {.size = {640, 360}, .duration = std::chrono::seconds(2)});
        const video::ClipLimits limits{.containers = {"mp4"}, .min_seconds = 3};
        for (const video::Finding& finding : video::preflight(video::probe(argv[1]), limits)) {
            std::cout << finding.text() << '\n';
        }
    } catch (const video::Error& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
