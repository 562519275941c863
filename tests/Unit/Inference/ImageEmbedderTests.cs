using Serverless.Inference;
using Xunit;

namespace Serverless.Unit.Inference;

public sealed class ImageEmbedderTests
{
    [Theory]
    [InlineData("image-half", 1e-3f)] // float16 in and out, pooled by the graph
    [InlineData("image-patches", 1e-5f)] // a vector for each patch, of which the first counts
    [InlineData("image-maps", 1e-5f)] // feature maps of images of different sizes
    public void Embed_Matches_PyTorch_On_DrawnPictures(string model, float tolerance)
    {
        var embedder = new ImageEmbedder(TestModels.Runtime, TestModels.Load(model));

        float[][] vectors = embedder.Embed(TestModels.Pictures, TestContext.Current.CancellationToken);

        Assert.Equal(8, embedder.Dimensions);
        TestModels.AssertClose(TestModels.Expected(model), vectors, tolerance);
    }
}
