using Serverless.Inference.Images;
using Serverless.Inference.Numerics;
using Serverless.Inference.Text;
using Serverless.Packages;

namespace Serverless.Inference.Sessions;

/// <summary>
/// One run of a made-up input when a model is loaded, so that a model that cannot work is refused then and not at the first request; its
/// runner is then disposed.
/// </summary>
internal static class LoadCheck
{
    /// <summary>The shape of the item's part of the output, which answers the task.</summary>
    /// <exception cref="ModelRejectedException">The model fails, or answers with another shape or with what is no number.</exception>
    public static long[] Run(ModelPackage package, ImageRunner runner, CancellationToken cancellationToken)
    {
        const int side = 64;
        byte[] gradient = [.. Enumerable.Range(0, side * side * 3).Select(i => (byte)(i * 5))];
        return Run(package, runner, take => runner.Run([new RgbImage(gradient, side, side)], take, cancellationToken));
    }

    public static long[] Run(ModelPackage package, TextRunner runner, CancellationToken cancellationToken)
    {
        using TokenSequences sequences = package.Encoder!.Encode(["A trial of 1 model."]);
        return Run(package, runner, take => runner.Run(sequences, take, cancellationToken));
    }

    private static long[] Run(ModelPackage package, IDisposable runner, Action<OutputRowHandler> run)
    {
        try
        {
            long[] given = [];
            run(
                (_, values, shape) =>
                {
                    TaskOutput.CheckGiven(package, shape);
                    if (!Scores.AreFinite(values))
                    {
                        throw package.RejectOutput(shape, "finite numbers for a trial input");
                    }
                    given = shape.ToArray();
                }
            );
            return given.Length > 0 ? given : throw package.Files.Reject("the tokenizer", "no token in a trial text", "at least one");
        }
        catch (ModelFaultException e)
        {
            runner.Dispose();
            throw package.Files.Reject(
                package.Graph.File,
                $"a trial run that failed ({e.Message})",
                "a model that answers a trial input",
                e
            );
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }
}
