#include <editprep/imaging/error.hpp>
#include <editprep/imaging/image_file.hpp>
#include <editprep/imaging/object_selection.hpp>
#include <iostream>

int main(int argc, char** argv) {
    namespace imaging = editprep::imaging;
    if (argc != 3) {
        std::cerr << "usage: select_object PICTURE MASK\n";
        return 2;
    }
    try {
        const imaging::LoadedImage picture = imaging::read_image(argv[1]);
        const imaging::Selection object = imaging::select_object(picture.image);
        imaging::write_mask(argv[2], object.mask, imaging::Overwrite::own_files);
        std::cout << imaging::coverage_fraction(object.mask) << " of the picture is selected\n";
    } catch (const imaging::Error& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
