using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Serverless.Captures;
using Serverless.Inference.Serving;
using Serverless.Serving.OpenInference;

namespace Serverless.Serving.Work;

/// <summary>Raw tensors, for any model.</summary>
public sealed class TensorsWork(TensorRequest request) : IPredictionWork
{
    private const int MaxValues = 4_096; // of a row that is looked at

    public long Bytes => request.Inputs.Sum(BinaryTensorData.LengthOf);

    public InputSummary Describe(CaptureOptions options)
    {
        IReadOnlyList<long> shape = request.Inputs[0].Shape;
        return new InputSummary("tensors", shape.Count > 0 ? (int)Math.Min(shape[0], int.MaxValue) : 1, request.Inputs.Sum(ElementsOf));
    }

    public async Task<WorkOutcome> RunAsync(ServedModel model, RequestTerms terms, CancellationToken cancellationToken)
    {
        ServedAnswer<IReadOnlyList<NamedTensor>> answer = await model.InferAsync(request, terms, cancellationToken);
        return WorkOutcome.Of(answer, ViewOf) with { Labels = model.Labels };
    }

    public void Dispose() { }

    /// <summary>
    /// Of the first FP32 output each row is a vector, and the place of its largest value a label: what a classifier would say.
    /// </summary>
    private static OutputView ViewOf(IReadOnlyList<NamedTensor> outputs)
    {
        int count = (int)Math.Min(outputs.Sum(ElementsOf), int.MaxValue);
        if (outputs.FirstOrDefault(output => output.Datatype == "FP32" && output.Shape.Count > 0 && !output.Data.IsEmpty) is not { } output)
        {
            return new OutputView("tensors", [], [], count);
        }
        int rows = (int)Math.Min(output.Shape[0], OutputView.MaxItems);
        int each = (int)(output.Data.Length / sizeof(float) / output.Shape[0]);
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(output.Data.Span);
        float[][] vectors = new float[rows][];
        ScoredLabel[][] labels = new ScoredLabel[rows][];
        for (int i = 0; i < rows; i++)
        {
            vectors[i] = values.Slice(i * each, Math.Min(each, MaxValues)).ToArray();
            int best = TensorPrimitives.IndexOfMax<float>(vectors[i]);
            labels[i] = best < 0 ? [] : [new ScoredLabel($"{best}", vectors[i][best])];
        }
        return new OutputView("tensors", labels, vectors, count);
    }

    private static long ElementsOf(NamedTensor tensor) => tensor.Shape.Aggregate(1L, (product, size) => product * size);
}
