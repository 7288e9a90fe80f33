// A white china mug on a white sweep: the outline differs from the backdrop by
// a few levels along most of its length, and its handle leaves a hole.

#include "studio.inc"

Studio_Camera(<0, 15, -62>, <0.8, 4.4, 0>, 17)
Studio_Lights(0.70, 0.20)
Studio_Softboxes(1.6)
Studio_Backdrop(C8(246, 246, 247), 0.55, 0.34, 80, 60, 0.92, 9)

#declare China = texture {
  pigment { C8(246, 246, 245) }
  finish {
    diffuse 0.82 emission 0.16 specular 0.3 roughness 0.008
    reflection { 0.03, 0.14 falloff 4 }
  }
}

#declare Body_Curve = array[28] {
  // outside, from the foot up
  <0.00, 0.20>, <1.00, 0.20>, <2.00, 0.20>, <2.70, 0.00>,
  <2.70, 0.00>, <3.40, 0.00>, <3.70, 0.40>, <3.75, 1.20>,
  <3.75, 1.20>, <3.85, 3.50>, <3.85, 6.50>, <3.95, 8.80>,
  // rim
  <3.95, 8.80>, <3.98, 9.15>, <3.72, 9.15>, <3.68, 8.80>,
  // inside, down to the bottom
  <3.68, 8.80>, <3.55, 6.00>, <3.55, 3.00>, <3.45, 1.50>,
  <3.45, 1.50>, <3.30, 0.80>, <2.80, 0.60>, <2.20, 0.60>,
  <2.20, 0.60>, <1.50, 0.60>, <0.80, 0.60>, <0.00, 0.60>
}

#declare Steps = 61;
#declare Handle_Path = array[Steps];
#for (I, 0, Steps-1)
  #local S = I/(Steps-1)*2;
  #if (S <= 1)
    #declare Handle_Path[I] = Bezier(<3.6,7.6,0>, <5.2,8.3,0>, <6.6,7.4,0>, <6.5,5.4,0>, S);
  #else
    #declare Handle_Path[I] = Bezier(<6.5,5.4,0>, <6.4,3.4,0>, <5.0,2.4,0>, <3.6,2.2,0>, S-1);
  #end
#end

union {
  object { Revolve(Body_Curve, 16, 200) }
  object { Flat_Tube(Handle_Path, 0.34, 0.62, 40) }
  texture { China }
  rotate y*20
  translate -x*0.8
}
