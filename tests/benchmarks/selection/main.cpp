#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "baselines.hpp"
#include "composite.hpp"
#include "editprep/imaging/image_file.hpp"
#include "methods.hpp"
#include "metrics.hpp"
#include "picture_folder.hpp"
#include "rendered.hpp"
#include "report.hpp"
#include "sheet.hpp"

namespace editprep::benchmarks {
namespace {

namespace fs = std::filesystem;

struct Wishes {
    SetSize set = SetSize::small;
    int series = 0;
    /// All of them where none is named.
    std::vector<std::string> classes;
    std::vector<std::string> methods{"backdrop"};
    fs::path scenes;
    /// Instead of what is drawn or rendered.
    fs::path pictures;
    fs::path write_folder;
    fs::path sheets;
    int worst = 0;
};

/// Of this process with all its threads, and of the programs that it has run.
double cpu_seconds() {
    double sum = 0;
    for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage usage{};
        getrusage(who, &usage);
        for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
            sum += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
        }
    }
    return sum;
}

bool wants(const Wishes& wishes, std::string_view class_name) {
    return wishes.classes.empty() ||
           std::ranges::find(wishes.classes, class_name) != wishes.classes.end();
}

template <typename Action>
void for_each_judged(const Wishes& wishes, Action action) {
    for (const fs::path& picture : judged_pictures(wishes.pictures)) {
        const Composite composite = load_judged(picture);
        if (wants(wishes, composite.class_name)) {
            action(composite);
        }
    }
}

template <typename Action>
void for_each_composite(const Wishes& wishes, Action action) {
    if (!wishes.pictures.empty()) {
        for_each_judged(wishes, action);
        return;
    }
    for (const std::string_view class_name : kClasses) {
        if (!wants(wishes, class_name)) {
            continue;
        }
        for (int number = 0; number < pictures_per_class(wishes.set); ++number) {
            action(draw_composite(class_name, number, wishes.set, wishes.series));
        }
    }
    if (!wishes.scenes.empty()) {
        for (const std::string& scene : rendered_scenes(wishes.scenes)) {
            action(load_rendered(wishes.scenes, scene));
        }
    }
}

void write_set(const Wishes& wishes) {
    for_each_composite(wishes, [&](const Composite& composite) {
        const fs::path stem = wishes.write_folder / composite.name;
        const bool jpeg = composite.format == imaging::ImageFormat::jpeg;
        imaging::write_file(stem.string() + (jpeg ? ".jpg" : ".png"), composite.file,
                            imaging::Overwrite::always);
        imaging::write_mask(stem.string() + "_truth.png", composite.truth,
                            imaging::Overwrite::always);
    });
}

/// In the order of the command line; without those that cannot run here.
std::vector<Method> chosen_methods(const Wishes& wishes) {
    std::vector<Method> chosen;
    for (const std::string& name : wishes.methods) {
        if (name == "flood-fill" && !has_flood_fill()) {
            std::cerr << "selection_benchmark: flood-fill is left out, the program convert is "
                         "missing (Debian: apt-get install imagemagick)\n";
            continue;
        }
        chosen.push_back(*std::ranges::find(all_methods(), name, &Method::name));
    }
    return chosen;
}

class Measurement {
public:
    explicit Measurement(std::vector<Method> methods) : methods_(std::move(methods)) {
        for (const Method& method : methods_) {
            results_.push_back({method.title, {}});
        }
    }

    void add(const Composite& composite, bool on_sheet) {
        const imaging::Image image = imaging::read_image(composite.file, composite.name).image;
        for (std::size_t i = 0; i < methods_.size(); ++i) {
            const double start = cpu_seconds();
            const imaging::Mask mask = methods_[i].select(image);
            const double seconds = cpu_seconds() - start;
            results_[i].results.push_back({composite.name, composite.class_name,
                                           score(mask, composite.truth), seconds,
                                           static_cast<double>(image.size().area()) / 1e6});
            if (i == 0 && on_sheet) {
                sheets_[composite.class_name].add(image, composite.truth, mask);
            }
        }
    }

    [[nodiscard]] const std::vector<MethodResults>& results() const noexcept { return results_; }

    void write_sheets(const fs::path& folder) const {
        for (const auto& [class_name, sheet] : sheets_) {
            imaging::write_image(folder / (class_name + ".png"), sheet.picture(),
                                 imaging::Overwrite::always);
        }
    }

private:
    std::vector<Method> methods_;
    std::vector<MethodResults> results_;
    std::map<std::string, Sheet> sheets_;
};

void measure(const Wishes& wishes) {
    std::vector<Method> methods = chosen_methods(wishes);
    if (methods.empty()) {
        return;
    }
    Measurement measurement(std::move(methods));
    for_each_composite(wishes, [&](const Composite& composite) {
        measurement.add(composite, !wishes.sheets.empty());
    });
    for (const MethodResults& method : measurement.results()) {
        print_classes(std::cout, method);
        if (wishes.worst > 0) {
            print_worst(std::cout, method, wishes.worst);
        }
    }
    print_comparison(std::cout, measurement.results());
    print_summary(std::cout, measurement.results());
    measurement.write_sheets(wishes.sheets);
}

/// Pictures of a folder may have classes of their own.
void check_classes(const Wishes& wishes) {
    for (const std::string& name : wishes.classes) {
        if (wishes.pictures.empty() && std::ranges::find(kClasses, name) == kClasses.end()) {
            throw CLI::ValidationError("--classes", "no such class is drawn: " + name);
        }
    }
}

void add_options(CLI::App& app, Wishes& wishes) {
    std::vector<std::string> methods;
    std::ranges::transform(all_methods(), std::back_inserter(methods), &Method::name);
    const std::map<std::string, SetSize> sets{{"small", SetSize::small}, {"large", SetSize::large}};
    CLI::Option* set = app.add_option("--set", wishes.set, "small (every run) or large (decisions)")
                           ->transform(CLI::CheckedTransformer(sets));
    CLI::Option* series =
        app.add_option("--series", wishes.series, "Other pictures of the same kind: 1, 2, ...")
            ->check(CLI::NonNegativeNumber);
    app.add_option("--classes", wishes.classes, "Only these, comma-separated")->delimiter(',');
    app.add_option("--methods", wishes.methods, "Comma-separated; sheets show the first")
        ->delimiter(',')
        ->check(CLI::IsMember(methods));
    CLI::Option* scenes = app.add_option("--scenes", wishes.scenes,
                                         "Also the scenes that render.sh left in this folder")
                              ->check(CLI::ExistingDirectory);
    app.add_option("--pictures", wishes.pictures,
                   "Instead of drawing: pictures as --write leaves them, with their true cover")
        ->check(CLI::ExistingDirectory)
        ->excludes(set)
        ->excludes(series)
        ->excludes(scenes);
    app.add_option("--write", wishes.write_folder,
                   "Only write the pictures and their true cover to this folder");
    app.add_option("--sheets", wishes.sheets,
                   "Write a picture per class: source, truth, selection, error");
    app.add_option("--worst", wishes.worst, "Also name so many of the worst pictures a class");
    app.callback([&wishes] { check_classes(wishes); });
}

}  // namespace
}  // namespace editprep::benchmarks

int main(int argc, char** argv) {
    namespace benchmarks = editprep::benchmarks;
    CLI::App app("Draws pictures with known cover and measures how well selections find it");
    benchmarks::Wishes wishes;
    benchmarks::add_options(app, wishes);
    CLI11_PARSE(app, argc, argv);
    try {
        if (wishes.write_folder.empty()) {
            benchmarks::measure(wishes);
        } else {
            benchmarks::write_set(wishes);
        }
    } catch (const std::exception& error) {
        std::cerr << "selection_benchmark: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
