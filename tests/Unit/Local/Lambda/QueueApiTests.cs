using System.Net;
using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Local.Lambda;

public sealed class QueueApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendMessageBatch_Entries_AreKeptAndToldByTheirIds()
    {
        await using LambdaRig rig = await LambdaRig.WithoutRuntime().StartAsync(Token);

        using HttpResponseMessage response = await rig.SendAsync("SendMessageBatch", Batch(rig, "one", "two"), Token);

        using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        JsonElement[] successful = [.. json.RootElement.GetProperty("Successful").EnumerateArray()];
        Assert.Equal(["one", "two"], successful.Select(entry => entry.GetProperty("Id").GetString()));
        Assert.Equal("f97c5d29941bfb1b2fdab0874906ab82", successful[0].GetProperty("MD5OfMessageBody").GetString());
        Assert.Equal(
            successful.Select(entry => entry.GetProperty("MessageId").GetString()),
            rig.Service.Queue.Take(10).Select(message => message.Id)
        );
    }

    [Theory]
    [InlineData("SendMessage", """{"QueueUrl":"http://127.0.0.1/1/other","MessageBody":"a"}""", "QueueDoesNotExist")]
    [InlineData("SendMessage", """{"QueueUrl":"orders-queue"}""", "InvalidParameterValue")]
    [InlineData("SendMessageBatch", """{"QueueUrl":"orders-queue","Entries":[]}""", "TooManyEntriesInBatchRequest")]
    [InlineData(
        "SendMessageBatch",
        """{"QueueUrl":"orders-queue","Entries":[{"Id":"1","MessageBody":"a"},{"Id":"1","MessageBody":"b"}]}""",
        "BatchEntryIdsNotDistinct"
    )]
    [InlineData("ReceiveMessage", """{"QueueUrl":"orders-queue"}""", "UnsupportedOperation")]
    public async Task Send_WrongRequest_IsRefusedByName(string target, string request, string type)
    {
        await using LambdaRig rig = await LambdaRig.WithoutRuntime().StartAsync(Token);

        using HttpResponseMessage response = await rig.SendAsync(target, JsonSerializer.Deserialize<JsonElement>(request), Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Equal($"com.amazonaws.sqs#{type}", json.RootElement.GetProperty("__type").GetString());
        Assert.Equal(0, rig.Service.Queue.Count().Waiting);
    }

    [Fact]
    public async Task Request_ForAnotherHost_IsRefused()
    {
        await using LambdaRig rig = await LambdaRig.WithoutRuntime().StartAsync(Token);
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(rig.Service.QueueUrl, "/dead-letters"))
        {
            Headers = { Host = "example.org" },
        };

        using HttpResponseMessage response = await http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static object Batch(LambdaRig rig, params string[] bodies) =>
        new { rig.Service.QueueUrl, Entries = bodies.Select(body => new { Id = body, MessageBody = body }) };
}
