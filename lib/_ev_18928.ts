import "@/tensorflow/mod.ts";
import { loadModel, readWeights, encodeImage, decodeImage } from "@/codec/mod.ts";
import { avif, encodeNearSize } from "@/baselines/mod.ts";
import { readImage, decodePixels } from "@/images/mod.ts";
const loaded = loadModel(readWeights(await Deno.readFile(Deno.args[0]!)));
const q = +(Deno.args[1] ?? 38);
const edges=[2,5,10,20,40,1e9]; const acc=edges.map(()=>[0,0,0,0,0]); // n, ours, avif, oursMean, avifMean
let bo=0,ba=0;
for (const id of ["05","08","15","19","03","23"]) {
  const photo = await readImage(`/work/shared/photos/kodak/${id}.png`);
  const file = await encodeImage(loaded, photo, { quality: q });
  const our = (await decodeImage(loaded, file)).high!;
  const near = await encodeNearSize(avif, photo, file.length);
  const av = await decodePixels(near.bytes);
  bo+=file.length; ba+=near.bytes.length;
  const W=photo.width,H=photo.height,B=16;
  for(let y=0;y+B<=H;y+=B)for(let x=0;x+B<=W;x+=B){
    let s=0,s2=0,eo=0,ea=0; const mo=[0,0,0],ma=[0,0,0];
    for(let j=0;j<B;j++)for(let i=0;i<B;i++){const p=3*((y+j)*W+x+i);let l=0;for(let c=0;c<3;c++){const o=photo.data[p+c]!;l+=o/3;const d=our.data[p+c]!-o,e=av.data[p+c]!-o;eo+=d*d;ea+=e*e;mo[c]+=d;ma[c]+=e;}s+=l;s2+=l*l;}
    const n=B*B, sd=Math.sqrt(Math.max(0,s2/n-(s/n)**2)); const k=edges.findIndex(e=>sd<e); const a=acc[k]!;
    a[0]++;a[1]+=eo/(3*n);a[2]+=ea/(3*n);a[3]+=mo.reduce((t,v)=>t+(v/n)**2,0)/3;a[4]+=ma.reduce((t,v)=>t+(v/n)**2,0)/3;
  }
}
console.log("bytes",bo,ba); const N=acc.reduce((t,a)=>t+a[0]!,0); let to=0,ta=0;
acc.forEach((a,i)=>{to+=a[1]!/N;ta+=a[2]!/N;console.log("sd<",edges[i],"share",(a[0]!/N).toFixed(3),"mse ours",(a[1]!/a[0]!).toFixed(1),"avif",(a[2]!/a[0]!).toFixed(1),"of block means",(a[3]!/a[0]!).toFixed(2),(a[4]!/a[0]!).toFixed(2),"contributes",(a[1]!/N).toFixed(1),(a[2]!/N).toFixed(1))});
console.log("total",to.toFixed(2),ta.toFixed(2),(10*Math.log10(to/ta)).toFixed(2)+" dB");
