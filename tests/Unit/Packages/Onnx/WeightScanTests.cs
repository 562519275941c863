using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Serverless.Packages.Onnx;
using Xunit;

namespace Serverless.Unit.Packages.Onnx;

public sealed class WeightScanTests
{
    /// <summary>Wherever it lies in a vector's lanes, and whatever surrounds it.</summary>
    [Fact]
    public void Check_FindsWhatTheScalarDefinitionFinds() =>
        Prop.ForAll(ArbMap.Default.ArbFor<float[]>(), Gen.Choose(0, 200).ToArbitrary(), (values, padding) =>
            {
                float[] all = [.. Enumerable.Repeat(1f, padding), .. values, .. Enumerable.Repeat(2f, padding % 7)];
                bool isMask = all.All(v => v == 0 || float.IsNegativeInfinity(v));
                bool isFaulty = all.Any(float.IsNaN) || (all.Length > 1 && !isMask && all.Any(float.IsInfinity));
                return isFaulty == Refuses(all);
            })
            .QuickCheckThrowOnFailure();

    private static bool Refuses(float[] values)
    {
        try
        {
            WeightScan.Check("w", OnnxElement.Float, MemoryMarshal.AsBytes<float>(values), isWeight: true);
            return false;
        }
        catch (GraphFaultException)
        {
            return true;
        }
    }
}
