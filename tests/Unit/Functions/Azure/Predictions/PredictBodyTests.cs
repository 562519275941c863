using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Predictions;
using Serverless.Serving;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions;

public sealed class PredictBodyTests
{
    [Theory]
    [InlineData("allTexts")]
    [InlineData("txet")]
    public void Read_OfWhatIsNoInput_IsRefusedByItsName(string name)
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes($$"""{"text":"a","{{name}}":["b"]}""");

        var error = Assert.Throws<RequestProblem>(() => PredictBody.Read(json, new PredictionOptions()));

        Assert.Equal(400, error.Status);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }
}
