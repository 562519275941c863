using System.Text;
using Amazon.Lambda.S3Events;
using Amazon.Lambda.Serialization.SystemTextJson;
using Serverless.Local.Events.Stores;
using Xunit;

namespace Serverless.Unit.Local.Events.Stores;

public sealed class S3NotificationTests
{
    [Theory]
    [InlineData("media/a b.jpg", "media/a+b.jpg")]
    [InlineData("media/100%+.txt", "media/100%25%2B.txt")]
    [InlineData("Photo (1)!*~.jpg", "Photo+%281%29%21*%7E.jpg")]
    [InlineData("größe/🎬", "gr%C3%B6%C3%9Fe/%F0%9F%8E%AC")]
    public void EncodeKey_OddKey_IsWhatAwsSendsAndDecodesBack(string key, string expected)
    {
        string encoded = S3Notification.EncodeKey(key);

        Assert.Equal(expected, encoded);
        Assert.Equal(key, new S3Event.S3ObjectEntity { Key = encoded }.KeyDecoded);
    }

    [Fact]
    public void Format_TwoObjects_ReadsBackThroughTheSerializer()
    {
        DateTimeOffset modified = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        FoundObject[] objects = [new("media/a b", "0f", 12, modified), new("media/c", "1f", 13, modified)];
        string json = S3Notification.Format(
            objects.Select(found => S3Notification.FormatRecord(S3Notification.Created, found, "assets", "eu-west-1"))
        );

        S3Event read = new DefaultLambdaJsonSerializer().Deserialize<S3Event>(new MemoryStream(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(2, read.Records.Count);
        S3Event.S3EventNotificationRecord first = read.Records[0];
        Assert.Equal(
            ("2.1", "aws:s3", "ObjectCreated:Put", "eu-west-1"),
            (first.EventVersion, first.EventSource, first.EventName, first.AwsRegion)
        );
        Assert.Equal(modified.UtcDateTime, first.EventTime);
        Assert.Equal(("assets", "arn:aws:s3:::assets"), (first.S3.Bucket.Name, first.S3.Bucket.Arn));
        Assert.Equal(
            ("media/a+b", "media/a b", "0f", 12),
            (first.S3.Object.Key, first.S3.Object.KeyDecoded, first.S3.Object.ETag, first.S3.Object.Size)
        );
    }
}
