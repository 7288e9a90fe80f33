// A basket of chromed wire on a grey sweep, with three balls in it: thin parts
// that mirror the backdrop, dozens of holes, and shadows through the mesh.

#include "studio.inc"

Studio_Camera(<0, 20, -64>, <0, 3.6, 0>, 19)
Studio_Lights(0.82, 0.18)
Studio_Softboxes(2.8)
Studio_Backdrop(C8(214, 216, 220), 0.36, 0.50, 70, 50, 0.6, 10)

#declare Chrome = texture {
  pigment { C8(96, 98, 102) }
  finish { diffuse 0.35 specular 0.6 roughness 0.01 metallic reflection { 0.30 metallic } }
}

// The radius of the basket at a height.
#declare Flare = function(H) { 4.2 + 0.28*H }
#declare Rows = 5;
#declare Height = 6;

union {
  #for (I, 0, Rows)
    #local H = 0.1 + Height*I/Rows;
    torus { Flare(H), #if (I = Rows) 0.16 #else 0.07 #end translate y*H }
  #end
  #for (I, 0, 29)
    cylinder { <Flare(0.1), 0.1, 0>, <Flare(Height), Height, 0>, 0.06 rotate y*I*12 }
  #end
  #for (I, -4, 4)
    #local Reach = sqrt(Flare(0.1)*Flare(0.1) - I*I*0.81);
    cylinder { <-Reach, 0.1, I*0.9>, <Reach, 0.1, I*0.9>, 0.05 }
  #end
  texture { Chrome }
}

#macro Ball(At, Radius, Colour)
  sphere {
    At, Radius
    texture {
      pigment { Colour }
      finish { diffuse 0.8 specular 0.2 roughness 0.03 }
    }
  }
#end
Ball(<-1.6, 1.95, 0.4>, 1.8, C8(196, 66, 48))
Ball(<1.9, 1.75, -0.6>, 1.6, C8(64, 112, 82))
Ball(<0.4, 1.55, 2.4>, 1.4, C8(228, 222, 206))
