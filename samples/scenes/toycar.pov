// A painted wooden toy car with a peg driver, on pale-blue paper.
// The backdrop has a colour and a stronger gradient; one can look through the
// cabin between the posts. Harder on purpose: the hub caps are pale blue, near
// the colour of the paper, and the shadow is deeper.
// Exercises: a coloured backdrop, several see-through openings, and parts of
// the object that resemble the backdrop.

#include "studio.inc"

Studio_Camera(<0, 18, -62>, <0.1, 2.6, 0>, 12.4)
Studio_Lights(0.80, 0.16)
Studio_Softboxes(3.0)
Studio_Backdrop(C8(190, 212, 232), 0.44, 0.46, 70, 50, 0.62, 5)

// A box from A to B with edges rounded to the radius R.
#macro Round_Box(A, B, R)
  #local P = A + R; #local Q = B - R;
  union {
    box { <A.x, P.y, P.z>, <B.x, Q.y, Q.z> }
    box { <P.x, A.y, P.z>, <Q.x, B.y, Q.z> }
    box { <P.x, P.y, A.z>, <Q.x, Q.y, B.z> }
    #for (I, 0, 1) #for (J, 0, 1)
      #local X = (I ? P.x : Q.x); #local X2 = (J ? P.x : Q.x);
      #local Y = (I ? P.y : Q.y); #local Y2 = (J ? P.y : Q.y);
      #local Z2 = (J ? P.z : Q.z);
      cylinder { <P.x, Y, Z2>, <Q.x, Y, Z2>, R }
      cylinder { <X, P.y, Z2>, <X, Q.y, Z2>, R }
      cylinder { <X, Y2, P.z>, <X, Y2, Q.z>, R }
      sphere { <X, Y2, P.z>, R }
      sphere { <X, Y2, Q.z>, R }
    #end #end
  }
#end

#declare Beech = texture {
  pigment {
    wood turbulence 0.04 octaves 3 scale 0.13
    rotate <2, 88, 0> translate <0.3, 9, 2>
    color_map {
      [0.0 C8(222, 176, 122)]
      [0.6 C8(208, 158, 104)]
      [1.0 C8(184, 130, 80)]
    }
  }
  finish { diffuse 0.8 specular 0.10 roughness 0.04 reflection { 0.0, 0.06 falloff 4 } }
}
#macro Paint(Colour)
  texture {
    pigment { Colour }
    normal { bumps 0.02 scale <1.2, 0.15, 0.15> }
    finish { diffuse 0.78 specular 0.25 roughness 0.02 reflection { 0.02, 0.14 falloff 4 } }
  }
#end

#declare Wheel = union {
  object { Round_Disc(1.22, 0.62, 0.16) Paint(C8(52, 46, 44)) }
  object {
    Round_Disc(0.62, 0.74, 0.08)
    pigment { C8(206, 228, 246) }
    finish { diffuse 0.75 emission 0.20 specular 0.1 roughness 0.02 }
  }
  object { Round_Disc(0.20, 0.90, 0.08) texture { Beech } }
  rotate -x*90
}

#declare Peg = union {
  cylinder { y*1.8, y*3.1, 0.55 Paint(C8(60, 110, 70)) }
  sphere { y*3.1, 0.55 scale <1, 0.6, 1> translate y*1.24 Paint(C8(60, 110, 70)) }
  sphere { y*3.85, 0.52 texture { Beech } }
}

union {
  // chassis, bonnet, boot
  object { Round_Box(<-4.4, 0.85, -1.75>, <4.4, 2.15, 1.75>, 0.28) Paint(C8(196, 52, 40)) }
  object { Round_Box(<-4.1, 1.60, -1.60>, <-1.5, 2.95, 1.60>, 0.42) Paint(C8(196, 52, 40)) }
  object { Round_Box(< 2.7, 1.60, -1.60>, <4.2, 2.80, 1.60>, 0.40) Paint(C8(196, 52, 40)) }
  // posts and roof
  #for (K, 0, 1)
    #local Z = (K ? 1.3 : -1.3);
    cylinder { <-1.15, 2.0, Z>, <-0.85, 4.7, Z>, 0.17 texture { Beech } }
    cylinder { < 0.95, 2.0, Z>, < 0.95, 4.7, Z>, 0.17 texture { Beech } }
    cylinder { < 2.60, 2.0, Z>, < 2.40, 4.7, Z>, 0.17 texture { Beech } }
  #end
  object { Round_Box(<-1.35, 4.55, -1.65>, <2.85, 5.05, 1.65>, 0.22) texture { Beech } }
  object { Peg translate x*0.55 }
  // lamps and bumper
  sphere { <-4.38, 1.75, -1.05>, 0.30 Paint(C8(240, 190, 70)) }
  sphere { <-4.38, 1.75,  1.05>, 0.30 Paint(C8(240, 190, 70)) }
  object { Round_Box(<-4.75, 0.80, -1.85>, <-4.30, 1.20, 1.85>, 0.15) texture { Beech } }
  // wheels
  #for (K, 0, 1)
    #local X = (K ? 2.75 : -2.75);
    object { Wheel translate <X, 1.22, -1.80> }
    object { Wheel rotate y*180 translate <X, 1.22, 1.80> }
    cylinder { <X, 1.22, -1.9>, <X, 1.22, 1.9>, 0.2 texture { Beech } }
  #end
  rotate y*-24
}
