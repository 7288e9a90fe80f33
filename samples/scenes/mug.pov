// A stoneware mug with a dark teal glaze over bare clay.
// Light near-white sweep, mild gradient, soft contact shadow.
// Exercises: picking an object by its distance to the corner colour, and a
// real hole (between handle and body) through which the backdrop shows.

#include "studio.inc"

Studio_Camera(<0, 17.5, -62>, <0.9, 4.6, 0>, 19.5)
Studio_Lights(0.74, 0.16)
Studio_Softboxes(2.6)
Studio_Backdrop(C8(247, 246, 244), 0.57, 0.33, 80, 60, 0.80, 8)

#declare Glaze = texture {
  pigment {
    granite scale 0.12
    color_map {
      [0.00 C8(10, 52, 62)]
      [0.40 C8(17, 76, 86)]
      [0.62 C8(24, 88, 96)]
      [0.70 C8(40, 70, 66)]
      [1.00 C8(62, 60, 48)]
    }
  }
  normal { bumps 0.035 scale 0.55 }
  finish {
    diffuse 0.75 specular 0.25 roughness 0.012
    reflection { 0.045, 0.16 falloff 4 }
  }
}

#declare Clay = texture {
  pigment {
    granite scale 0.12
    color_map {
      [0.0 C8(150, 104, 74)]
      [0.6 C8(170, 122, 88)]
      [0.8 C8(128, 88, 64)]
      [1.0 C8(86, 62, 48)]
    }
  }
  normal { granite 0.10 scale 0.1 }
  finish { diffuse 0.8 specular 0.03 roughness 0.1 }
}

// Glaze above, clay below, with a slightly uneven line between them.
#declare Dipped = texture {
  gradient y
  texture_map {
    [0.140 Clay]
    [0.143 Glaze]
    [1.000 Glaze]
  }
  warp { turbulence 0.015 octaves 3 }
  scale 20
}

#declare Body_Curve = array[32] {
  // outside, from the foot up
  <0.00, 0.25>, <1.00, 0.25>, <2.00, 0.25>, <2.60, 0.25>,
  <2.60, 0.25>, <2.75, 0.25>, <2.72, 0.00>, <2.90, 0.00>,
  <2.90, 0.00>, <3.45, 0.00>, <4.05, 0.55>, <4.15, 1.40>,
  <4.15, 1.40>, <4.25, 3.20>, <4.15, 7.00>, <4.15, 9.20>,
  // rim
  <4.15, 9.20>, <4.15, 9.62>, <3.76, 9.62>, <3.76, 9.20>,
  // inside, down to the bottom
  <3.76, 9.20>, <3.76, 7.00>, <3.84, 3.20>, <3.74, 1.60>,
  <3.74, 1.60>, <3.60, 0.95>, <3.20, 0.75>, <2.60, 0.70>,
  <2.60, 0.70>, <1.80, 0.66>, <0.80, 0.66>, <0.00, 0.66>
}
#declare Body = Revolve(Body_Curve, 16, 200)

#declare NP = 61;
#declare HP = array[NP];
#for (I, 0, NP-1)
  #local S = I/(NP-1)*2;
  #if (S <= 1)
    #declare HP[I] = Bezier(<3.95,8.15,0>, <5.4,8.65,0>, <7.05,8.2,0>, <7.15,6.2,0>, S);
  #else
    #declare HP[I] = Bezier(<7.15,6.2,0>, <7.25,4.2,0>, <5.7,3.0,0>, <3.95,2.55,0>, S-1);
  #end
#end

union {
  object { Body texture { Dipped } }
  object { Flat_Tube(HP, 0.40, 0.72, 40) texture { Dipped } }
  rotate y*24
  translate -x*0.6
}
