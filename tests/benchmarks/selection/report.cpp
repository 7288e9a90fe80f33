#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <sstream>

namespace editprep::benchmarks {
namespace {

constexpr auto kSeeThrough = "glass";

bool is_ok(const Result& result) { return result.score.ok(result.class_name == kSeeThrough); }

/// What the worst pictures are chosen by.
double overlap(const Result& result) {
    return result.class_name == kSeeThrough ? result.score.silhouette : result.score.iou;
}

std::string number(double value, int digits) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(digits) << value;
    return text.str();
}

template <typename Value>
double mean(const std::vector<Result>& results, Value value) {
    double sum = 0;
    for (const Result& result : results) {
        sum += static_cast<double>(value(result));
    }
    return sum / static_cast<double>(results.size());
}

double mean(const std::vector<Result>& results, double Score::*member) {
    return mean(results, [&](const Result& result) { return result.score.*member; });
}

/// Between the two nearest ranks.
double percentile_of_iou(const std::vector<Result>& results, double share) {
    std::vector<double> values;
    for (const Result& result : results) {
        values.push_back(result.score.iou);
    }
    std::ranges::sort(values);
    const double position = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return std::lerp(values[below], values[above], position - static_cast<double>(below));
}

double seconds_per_megapixel(const std::vector<Result>& results) {
    return mean(results, [](const Result& result) { return result.cpu_seconds; }) /
           mean(results, [](const Result& result) { return result.megapixels; });
}

/// In the order of their first pictures.
std::vector<std::string> classes_of(const MethodResults& method) {
    std::vector<std::string> names;
    for (const Result& result : method.results) {
        if (std::ranges::find(names, result.class_name) == names.end()) {
            names.push_back(result.class_name);
        }
    }
    return names;
}

std::vector<Result> results_of(const MethodResults& method, const std::string& class_name) {
    std::vector<Result> chosen;
    std::ranges::copy_if(method.results, std::back_inserter(chosen),
                         [&](const Result& result) { return result.class_name == class_name; });
    return chosen;
}

/// One row of a table that reads well as it is and as Markdown.
class Row {
public:
    explicit Row(const std::string& title, int width) {
        text_ << "| " << std::left << std::setw(width) << title << " |";
    }
    Row& add(const std::string& cell, int width) {
        text_ << " " << std::right << std::setw(width) << cell << " |";
        return *this;
    }
    friend std::ostream& operator<<(std::ostream& out, const Row& row) {
        return out << row.text_.str() << "\n";
    }

private:
    std::ostringstream text_;
};

constexpr int kTitleWidth = 40;
constexpr int kCell = 8;

Row head(const std::string& title, const std::vector<std::string>& cells) {
    Row row(title, kTitleWidth);
    for (const std::string& cell : cells) {
        row.add(cell, kCell);
    }
    return row;
}

Row rule(std::size_t cells) {
    Row row(std::string(kTitleWidth, '-'), kTitleWidth);
    for (std::size_t i = 0; i < cells; ++i) {
        row.add(std::string(kCell - 1, '-') + ":", kCell);
    }
    return row;
}

Row class_row(const std::string& title, const std::vector<Result>& results) {
    return head(
        title,
        {number(mean(results, &Score::iou), 3), number(mean(results, &Score::silhouette), 3),
         number(mean(results, &Score::mae), 4), number(mean(results, &Score::sad), 2),
         number(mean(results, &Score::gradient), 2), number(mean(results, &Score::boundary), 3),
         number(mean(results, &Score::band_mae), 3), number(mean(results, is_ok), 2),
         number(seconds_per_megapixel(results), 3)});
}

}  // namespace

void print_classes(std::ostream& out, const MethodResults& method) {
    const std::vector<std::string> cells{"IoU", "sil",  "MAE", "SAD",   "Grad",
                                         "BF2", "band", "ok",  "s / MP"};
    out << "\n" << head(method.title, cells) << rule(cells.size());
    for (const std::string& name : classes_of(method)) {
        out << class_row(name, results_of(method, name));
    }
    out << class_row("all", method.results);
}

void print_worst(std::ostream& out, const MethodResults& method, int count) {
    const std::vector<std::string> cells{"IoU", "sil", "MAE", "BF2", "band"};
    out << "\n" << head(method.title + ", worst", cells) << rule(cells.size());
    for (const std::string& name : classes_of(method)) {
        std::vector<Result> results = results_of(method, name);
        std::ranges::stable_sort(results, {}, overlap);
        results.resize(std::min(results.size(), static_cast<std::size_t>(count)));
        for (const Result& result : results) {
            out << head(result.picture,
                        {number(result.score.iou, 3), number(result.score.silhouette, 3),
                         number(result.score.mae, 4), number(result.score.boundary, 3),
                         number(result.score.band_mae, 3)});
        }
    }
}

void print_summary(std::ostream& out, const std::vector<MethodResults>& methods) {
    const std::vector<std::string> cells{"IoU", "median", "p10", "MAE",
                                         "BF2", "band",   "ok",  "s / MP"};
    out << "\n" << head("method", cells) << rule(cells.size());
    for (const MethodResults& method : methods) {
        const std::vector<Result>& results = method.results;
        out << head(
            method.title,
            {number(mean(results, &Score::iou), 3), number(percentile_of_iou(results, 0.5), 3),
             number(percentile_of_iou(results, 0.1), 3), number(mean(results, &Score::mae), 4),
             number(mean(results, &Score::boundary), 3), number(mean(results, &Score::band_mae), 3),
             number(mean(results, is_ok), 2), number(seconds_per_megapixel(results), 3)});
    }
}

void print_comparison(std::ostream& out, const std::vector<MethodResults>& methods) {
    std::vector<std::string> cells;
    for (const MethodResults& method : methods) {
        cells.push_back(method.title);
    }
    Row titles("IoU", kTitleWidth);
    Row line(std::string(kTitleWidth, '-'), kTitleWidth);
    for (const std::string& cell : cells) {
        titles.add(cell, static_cast<int>(cell.size()));
        line.add(std::string(cell.size() - 1, '-') + ":", static_cast<int>(cell.size()));
    }
    out << "\n" << titles << line;
    for (const std::string& name : classes_of(methods.front())) {
        Row row(name, kTitleWidth);
        for (const MethodResults& method : methods) {
            row.add(number(mean(results_of(method, name), &Score::iou), 3),
                    static_cast<int>(method.title.size()));
        }
        out << row;
    }
}

}  // namespace editprep::benchmarks
