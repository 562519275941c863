using System.Text;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Serverless.Local.Lambda;
using Serverless.Local.Queues;
using Xunit;

namespace Serverless.Unit.Local.Lambda;

public sealed class SqsBatchTests
{
    private static readonly DateTimeOffset Sent = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly QueueMessage[] Batch = [new(1, "one", "{\"a\":\"ß\"}", Sent, Sent, 1), new(2, "two", "body", Sent, Sent, 3)];

    [Fact]
    public void Format_Messages_ReadBackThroughTheSerializer()
    {
        byte[] payload = SqsBatch.Format(Batch, "orders", "eu-west-1");

        SQSEvent read = new DefaultLambdaJsonSerializer().Deserialize<SQSEvent>(new MemoryStream(payload));

        Assert.Equal(["one", "two"], read.Records.Select(r => r.MessageId));
        SQSEvent.SQSMessage second = read.Records[1];
        Assert.Equal(
            ("body", "aws:sqs", "arn:aws:sqs:eu-west-1:123456789012:orders"),
            (second.Body, second.EventSource, second.EventSourceArn)
        );
        Assert.Equal("841a2d689ad86bd1611447453c22c6fc", second.Md5OfBody);
        Assert.Equal("3", second.Attributes["ApproximateReceiveCount"]);
        Assert.Equal("1767323045000", second.Attributes["SentTimestamp"]);
        Assert.NotEmpty(second.ReceiptHandle);
        Assert.Equal("{\"a\":\"ß\"}", read.Records[0].Body);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("{}", "")]
    [InlineData("{\"batchItemFailures\":null}", "")]
    [InlineData("{\"batchItemFailures\":[]}", "")]
    [InlineData("{\"batchItemFailures\":[{\"itemIdentifier\":\"two\"}]}", "two")]
    [InlineData("{\"batchItemFailures\":[{\"itemIdentifier\":\"other\"}]}", "one two")]
    [InlineData("{\"batchItemFailures\":[{\"itemIdentifier\":null}]}", "one two")]
    [InlineData("{\"batchItemFailures\":[{\"id\":\"two\"}]}", "one two")]
    [InlineData("{\"failures\":[]}", "one two")]
    [InlineData("no json", "one two")]
    public void FailuresIn_Answer_IsAsLambdaReadsIt(string answer, string expected) =>
        Assert.Equal(expected, string.Join(' ', SqsBatch.FailuresIn(Encoding.UTF8.GetBytes(answer), Batch).Order()));
}
