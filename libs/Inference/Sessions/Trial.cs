using Serverless.Inference.Images;
using Serverless.Inference.Numerics;
using Serverless.Inference.Text;

namespace Serverless.Inference.Sessions;

/// <summary>One run of a made-up input when a model is loaded, so that a model that cannot work is refused then and not at the first request; its runner is then disposed.</summary>
internal static class Trial
{
    internal delegate void OutputCheck(ReadOnlySpan<float> values, ReadOnlySpan<long> shape);

    public static void Run(ModelPackage package, ImageRunner runner, OutputCheck check)
    {
        const int side = 64;
        byte[] gradient = [.. Enumerable.Range(0, side * side * 3).Select(i => (byte)(i * 5))];
        Run(package, runner, check, take => runner.Run([new RgbImage(gradient, side, side)], take, CancellationToken.None));
    }

    public static void Run(ModelPackage package, TextRunner runner, TextEncoder encoder, OutputCheck check)
    {
        using TokenSequences sequences = encoder.Encode(["A trial of 1 model."]);
        Run(package, runner, check, take => runner.Run(sequences, take, CancellationToken.None));
    }

    private static void Run(ModelPackage package, IDisposable runner, OutputCheck check, Action<OutputRowHandler> run)
    {
        try
        {
            run((_, values, shape) =>
            {
                check(values, shape);
                if (!Scores.AreFinite(values))
                    throw package.RejectOutput(shape, "finite numbers for a trial input");
            });
        }
        catch (ModelFaultException e)
        {
            runner.Dispose();
            throw package.Files.Reject(package.Graph.File, $"a trial run that failed ({e.Message})", "a model that answers a trial input", e);
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }
}
