// An amber glass bottle with a ribbed black cap and a printed kraft label.
// Portrait format, light near-white sweep, mild gradient, contact shadow.
// Exercises: a glossy, see-through object with bright reflections inside the
// outline, fine print, and a tall frame.

#include "studio.inc"

Studio_Camera(<0, 16, -64>, <0.3, 7.5, 0>, 14.5)
Studio_Lights(0.74, 0.16)
Studio_Softboxes(5.0)
Studio_Backdrop(C8(246, 246, 247), 0.57, 0.33, 80, 60, 0.80, 9)

#declare BR = 3.4;   // radius of the body

#declare Outer = array[24] {
  <0.00, 0.30>, <0.90, 0.25>, <1.80, 0.10>, <2.60, 0.00>,
  <2.60, 0.00>, <3.05, 0.00>, <3.40, 0.30>, <3.40, 0.85>,
  <3.40, 0.85>, <3.40, 3.50>, <3.40, 7.00>, <3.40, 9.20>,
  <3.40, 9.20>, <3.40, 10.9>, <1.45, 10.9>, <1.35, 12.2>,
  <1.35, 12.2>, <1.35, 12.6>, <1.35, 13.0>, <1.35, 13.4>,
  <1.35, 13.4>, <1.30, 13.5>, <1.10, 13.5>, <1.00, 13.4>
}
// Inside the shoulder and neck there is air, above the level of the filling.
#declare Hollow = array[20] {
  <0.00, 13.0>, <0.40, 13.0>, <0.80, 13.0>, <1.02, 12.9>,
  <1.02, 12.9>, <1.02, 12.6>, <1.02, 12.4>, <1.05, 12.2>,
  <1.05, 12.2>, <1.20, 10.7>, <3.15, 10.7>, <3.15, 9.20>,
  <3.15, 9.20>, <3.15, 9.10>, <3.15, 9.05>, <3.15, 9.00>,
  <3.15, 9.00>, <3.10, 8.86>, <2.00, 8.88>, <0.00, 8.88>
}

// Glass and filling are one solid; they bend light nearly alike. The glass is
// amber at the surface, the filling tints the light further on its way. The
// inner side has no reflection of its own, which keeps the rendering quick.
#declare Tint = rgbf <0.78, 0.44, 0.13, 1>;
#declare Glass = object {
  Revolve(Outer, 14, 200)
  texture {
    pigment { Tint }
    finish {
      diffuse 0 specular 0.5 roughness 0.004
      reflection { 0.04, 0.30 falloff 4 }
    }
  }
  interior_texture { pigment { Tint } finish { diffuse 0 } }
  interior {
    ior 1.42
    fade_power 1001 fade_distance 5
    fade_color rgb <0.80, 0.55, 0.35>
  }
}

#declare Air = object {
  Revolve(Hollow, 12, 160)
  texture { pigment { rgbt 1 } finish { diffuse 0 } }
  interior { ior 1.0 }
}

#declare Cap = difference {
  union {
    cylinder { y*12.05, y*14.55, 1.62 }
    cylinder { y*14.55, y*14.7, 1.47 }
    torus { 1.47, 0.15 translate y*14.55 }
    #for (I, 0, 59)
      cylinder { <1.62, 12.25, 0>, <1.62, 14.35, 0>, 0.055 rotate y*I*6 }
      sphere { <1.62, 14.35, 0>, 0.055 rotate y*I*6 }
    #end
  }
  cylinder { y*11.9, y*12.6, 1.45 }
  texture {
    pigment { C8(24, 24, 26) }
    finish { diffuse 0.8 specular 0.25 roughness 0.03 reflection { 0.02, 0.10 falloff 3 } }
  }
}

// Print: flat letters, projected along z on the label.
#macro Line(Txt, Size, Y)
  #local T = text { internal 2 Txt 40, 0 scale <Size, Size, 1> }
  #local W = max_extent(T).x - min_extent(T).x;
  object { T translate <-W/2-min_extent(T).x, Y, -20> }
#end

#declare Print = union {
  Line("BAY & CEDAR", 0.72, 6.35)
  Line("hair and body wash", 0.42, 5.55)
  box { <-1.9, 5.15, -20>, <1.9, 5.18, 20> }
  box { <-1.9, 7.25, -20>, <1.9, 7.28, 20> }
  Line("No. 4", 0.95, 3.95)
  Line("300 ml", 0.40, 2.75)
}

#declare Label = cylinder {
  y*2.2, y*8.1, BR+0.015 open
  texture {
    pigment {
      object {
        Print
        pigment {
          granite scale <0.35, 0.06, 0.35>
          color_map { [0.0 C8(178, 138, 92)] [0.7 C8(192, 153, 106)] [1 C8(150, 112, 72)] }
        }
        pigment { C8(38, 34, 30) }
      }
    }
    finish { diffuse 0.8 specular 0.04 roughness 0.08 }
  }
}

union {
  object { Glass }
  object { Air }
  object { Cap }
  object { Label rotate y*6 }
}
