using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Training.Heads;
using Xunit;

namespace Serverless.Unit.Training.Heads;

public sealed class OnnxHeadTests
{
    [Fact]
    public void Matches_TheHead_InOnnxRuntime()
    {
        LinearHead head = new(["a", "b", "c"], 2, [1, -2, 0.5f, 0.25f, -1, 3], [0.1f, 0, -0.2f]);
        float[][] vectors =
        [
            [1, 2],
            [-0.5f, 4],
            [0, 0],
        ];

        using InferenceSession session = new(OnnxHead.Write(head));
        DenseTensor<float> input = new(vectors.SelectMany(vector => vector).ToArray(), [3, 2]);
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor(OnnxHead.Input, input)]);

        Tensor<float> found = outputs.Single(output => output.Name == OnnxHead.Output).AsTensor<float>();
        Assert.Equal([3, 3], found.Dimensions.ToArray());
        Assert.All(vectors.SelectMany(vector => head.Apply(vector)).Zip(found.ToArray()), pair =>
            Assert.Equal(pair.First, pair.Second, 1e-6)
        );
    }
}
