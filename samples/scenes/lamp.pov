// A jointed desk lamp: red enamel shade and base, thin steel rods, springs
// and a cable. Grey sweep with a strong gradient and a clear shadow.
// Harder on purpose: the backdrop varies far more than in the mug and bottle
// scenes, the rods mirror it, and springs and cable are a few pixels wide.
// With Declare=Cutout=1 and +UA the backdrop is left out of the picture (it
// still lights the lamp), which gives the cut-out with soft alpha.

#include "studio.inc"

Studio_Camera(<0, 16, -64>, <0.5, 4.75, 0>, 15.6)
Studio_Lights(0.85, 0.18)
Studio_Softboxes(3.2)
Studio_Backdrop(C8(222, 223, 226), 0.24, 0.62, 62, 44, 0.25, 11)

#declare Enamel = texture {
  pigment { C8(190, 44, 30) }
  finish {
    diffuse 0.75 specular 0.35 roughness 0.008
    reflection { 0.035, 0.16 falloff 4 }
  }
}
#declare Cream = texture {
  pigment { C8(236, 226, 204) }
  finish { diffuse 0.75 emission 0.15 specular 0.1 roughness 0.05 }
}
#declare Steel = texture {
  pigment { C8(120, 122, 126) }
  finish { diffuse 0.30 specular 0.6 roughness 0.01 metallic reflection { 0.28 metallic } }
}
#declare Rubber = texture {
  pigment { C8(34, 34, 36) }
  finish { diffuse 0.8 specular 0.1 roughness 0.05 }
}

#declare Foot  = <1.30, 1.00, 0>;
#declare Elbow = <3.30, 5.70, 0>;
#declare Head  = <-1.55, 8.75, 0>;

// Two parallel rods from P to Q, side by side in the plane of the lamp.
#macro Rods(P, Q, Gap)
  #local T = vnormalize(Q-P);
  #local N = vcross(z, T)*Gap;
  union {
    cylinder { P+N, Q+N, 0.085 }
    cylinder { P-N, Q-N, 0.085 }
    texture { Steel }
  }
#end

// A coil spring from P to Q.
#macro Spring(P, Q, R, Turns)
  #local N = Turns*14;
  #local T = vnormalize(Q-P);
  #local S = vcross(z, T);
  #local Pts = array[N+1];
  #for (I, 0, N)
    #local W = 2*pi*Turns*I/N;
    #local Pts[I] = P + (Q-P)*I/N + (S*cos(W) + z*sin(W))*R;
  #end
  object { Wire(Pts, 0.032) texture { Steel } }
#end

#macro Joint(P, R, D)
  union {
    cylinder { P-z*D, P+z*D, R texture { Enamel } }
    cylinder { P-z*(D+0.10), P+z*(D+0.10), R*0.5 texture { Steel } }
    cylinder { P-z*(D+0.45), P-z*D, 0.07 texture { Steel } }
    cylinder { P-z*(D+0.55), P-z*(D+0.35), 0.20 texture { Rubber } }
  }
#end

#declare Shade_Out = array[16] {
  <0.00, 1.15>, <0.20, 1.15>, <0.40, 1.15>, <0.48, 1.08>,
  <0.48, 1.08>, <0.55, 0.98>, <0.55, 0.60>, <0.58, 0.30>,
  <0.58, 0.30>, <0.64, -0.20>, <1.55, -0.30>, <1.85, -1.75>,
  <1.85, -1.75>, <1.86, -1.80>, <1.81, -1.80>, <1.80, -1.75>
}
#declare Shade_In = array[8] {
  <1.80, -1.75>, <1.50, -0.35>, <0.62, -0.20>, <0.52, 0.20>,
  <0.52, 0.20>, <0.50, 0.40>, <0.30, 0.50>, <0.00, 0.50>
}

#declare Shade = union {
  object { Revolve(Shade_Out, 12, 140) texture { Enamel } }
  object { Revolve(Shade_In, 12, 140) texture { Cream } }
  sphere { <0, -0.95, 0>, 0.62
    pigment { rgb 1 } finish { diffuse 0.3 emission rgb <1.0, 0.86, 0.62> } no_shadow }
  cylinder { <0, -0.4, 0>, <0, 0.5, 0>, 0.33 texture { Steel } }
  // slots for the heat
  #for (I, 0, 11)
    cylinder { <0.552, 0.50, 0>, <0.552, 0.85, 0>, 0.035 texture { Rubber } rotate y*I*30 }
  #end
}

#declare L1 = Elbow-Foot;
#declare L2 = Head-Elbow;

// Cable: hangs along the arms, then runs over the floor.
#declare NC = 90;
#declare Cable = array[NC+1];
#for (I, 0, NC)
  #local S = I/NC*3;
  #if (S <= 1)
    #declare Cable[I] = Bezier(Head+<0.0,0.55,0.1>, Head+<0.5,0.95,0.2>, Elbow+<-0.7,1.35,0.25>, Elbow+<0.42,0.25,0.25>, S);
  #elseif (S <= 2)
    #declare Cable[I] = Bezier(Elbow+<0.42,0.25,0.25>, Elbow+<0.95,-0.8,0.25>, Foot+<1.5,2.0,0.3>, <2.9,0.40,0.4>, S-1);
  #else
    #declare Cable[I] = Bezier(<2.9,0.40,0.4>, <3.6,-0.15,0.5>, <5.2,0.07,0.2>, <6.3,0.07,3.6>, S-2);
  #end
#end

union {
  object { Round_Disc(2.55, 0.46, 0.14) translate x*1.3 texture { Enamel } }
  cylinder { <1.3, 0.4, 0>, <1.3, 0.85, 0>, 0.34 texture { Steel } }

  object { Rods(Foot, Elbow, 0.20) }
  object { Rods(Elbow, Head, 0.20) }
  Joint(Foot, 0.40, 0.30)
  Joint(Elbow, 0.44, 0.30)
  Joint(Head, 0.34, 0.26)

  Spring(Foot+L1*0.10-z*0.34, Foot+L1*0.52-z*0.34, 0.13, 22)
  Spring(Foot+L1*0.10+z*0.34, Foot+L1*0.52+z*0.34, 0.13, 22)
  Spring(Elbow+L2*0.10-z*0.34, Elbow+L2*0.45-z*0.34, 0.12, 20)
  Spring(Elbow+L2*0.10+z*0.34, Elbow+L2*0.45+z*0.34, 0.12, 20)

  object { Wire(Cable, 0.070) texture { Rubber } }
  object { Shade rotate x*16 rotate -z*30 translate Head+<-0.28,-0.55,0> }
  rotate y*14
}
