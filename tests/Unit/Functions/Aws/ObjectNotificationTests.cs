using System.Text.Json;
using Amazon.Lambda.Serialization.SystemTextJson;
using Serverless.Functions.Aws;
using Serverless.Ingest.Ledgers;
using Xunit;

namespace Serverless.Unit.Functions.Aws;

public sealed class ObjectNotificationTests
{
    private const string Notification = """
        {"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put",
                     "s3":{"bucket":{"name":"b"},"object":{"key":"media/a+b%2B.txt","size":1,"eTag":"e1"}}}]}
        """;

    private static readonly ChangedObject Expected = new("b", "media/a b+.txt", "e1");

    [Fact]
    public void Read_Notification_HasTheKeyDecoded() => Assert.Equal([Expected], Read(Notification));

    [Fact]
    public void Read_NameWithPrefix_IsTheSame() =>
        Assert.Equal(
            [Expected],
            Read(Notification.Replace("ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload", StringComparison.Ordinal))
        );

    [Fact]
    public void Read_SnsEnvelope_IsTakenOff() => Assert.Equal([Expected], Read(Sns(Notification)));

    [Fact]
    public void Read_EventBridge_HasTheKeyAsItIs() =>
        Assert.Equal(
            [new ChangedObject("b", "media/a+b%2B ü.txt", "e1")],
            Read(
                """
                {"version":"0","detail-type":"Object Created","source":"aws.s3",
                 "detail":{"version":"0","bucket":{"name":"b"},
                           "object":{"key":"media/a+b%2B ü.txt","size":1,"etag":"e1","version-id":"v","sequencer":"1"} } }
                """
            )
        );

    [Fact]
    public void Read_EventBridgeInSns_IsTakenOff() =>
        Assert.Single(
            Read(
                Sns(
                    """{"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"b"},"object":{"key":"k","etag":"e"}}}"""
                )
            )
        );

    [Theory]
    [InlineData("""{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},"object":{"key":"media/a+b%2B"}}}]}""")]
    [InlineData(
        """{"Records":[{"eventName":"s3:ObjectRemoved:DeleteMarkerCreated","s3":{"bucket":{"name":"b"},"object":{"key":"media/a+b%2B","eTag":"e"}}}]}"""
    )]
    [InlineData(
        """{"Records":[{"eventName":"LifecycleExpiration:Delete","s3":{"bucket":{"name":"b"},"object":{"key":"media/a+b%2B"}}}]}"""
    )]
    [InlineData(
        """{"detail-type":"Object Deleted","source":"aws.s3","detail":{"bucket":{"name":"b"},"object":{"key":"media/a b+"},"deletion-type":"Delete Marker Created"}}"""
    )]
    public void Read_ARemoval_NamesTheObjectWithoutAVersion(string body) =>
        Assert.Equal([new ChangedObject("b", "media/a b+", null)], Read(body).Select(one => one with { Removal = null }));

    /// <summary>Bodies as Amazon documents them (notification-content-structure.html, ev-events.html), cut to what is read.</summary>
    [Theory]
    [InlineData(
        """{"Records":[{"eventName":"ObjectRemoved:DeleteMarkerCreated","s3":{"bucket":{"name":"b"},"object":{"key":"k","eTag":"e","versionId":"m1","sequencer":"1"}}}]}""",
        true,
        "m1"
    )]
    [InlineData(
        """{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},"object":{"key":"k","versionId":"v1","sequencer":"1"}}}]}""",
        false,
        "v1"
    )]
    [InlineData(
        """{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},"object":{"key":"k","sequencer":"1"}}}]}""",
        false,
        null
    )]
    [InlineData(
        """{"Records":[{"eventName":"LifecycleExpiration:DeleteMarkerCreated","s3":{"bucket":{"name":"b"},"object":{"key":"k","versionId":"m2"}}}]}""",
        true,
        "m2"
    )]
    [InlineData(
        """{"detail-type":"Object Deleted","source":"aws.s3","detail":{"bucket":{"name":"b"},"object":{"key":"k","version-id":"m3"},"reason":"DeleteObject","deletion-type":"Delete Marker Created"}}""",
        true,
        "m3"
    )]
    [InlineData(
        """{"detail-type":"Object Deleted","source":"aws.s3","detail":{"bucket":{"name":"b"},"object":{"key":"k","version-id":"null"},"deletion-type":"Permanently Deleted"}}""",
        false,
        null
    )]
    public void Read_ARemoval_TellsAMarkerFromADeletion(string body, bool isMarker, string? version) =>
        Assert.Equal([new ChangedObject("b", "k", null, new ToldRemoval(isMarker, version))], Read(body));

    [Theory]
    [InlineData(
        """{"Records":[{"eventName":"ObjectRestore:Completed","glacierEventData":{"restoreEventData":{"lifecycleRestorationExpiryTime":"1970-01-01T00:01:00.000Z","lifecycleRestoreStorageClass":"GLACIER"}},"s3":{"bucket":{"name":"b"},"object":{"key":"k","size":5,"eTag":"e"}}}]}"""
    )]
    [InlineData(
        """{"detail-type":"Object Restore Completed","source":"aws.s3","detail":{"bucket":{"name":"b"},"object":{"key":"k","size":5,"etag":"e"},"source-storage-class":"GLACIER"}}"""
    )]
    public void Read_ARestoredObject_SaysSo(string body) => Assert.Equal([new ChangedObject("b", "k", "e", IsRestored: true)], Read(body));

    [Fact]
    public void Read_ARestoreThatHasBegun_IsNothing() =>
        Assert.Empty(Read("""{"Records":[{"eventName":"ObjectRestore:Post","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}"""));

    [Theory]
    [InlineData("""{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}""")]
    [InlineData("""{"detail-type":"Object Restore Initiated","source":"aws.s3","detail":{}}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectTagging:Put","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}""")]
    [InlineData(
        """{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"media/f/","size":0,"eTag":"e"}}}]}"""
    )]
    [InlineData(
        """{"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"b"},"object":{"key":"f/","size":0,"etag":"e"}}}"""
    )]
    public void Read_EventThatCreatesNothing_HasNoObjects(string body) => Assert.Empty(Read(body));

    [Fact]
    public void Read_TestEventInSns_HasNoObjects() => Assert.Empty(Read(Sns("""{"Event":"s3:TestEvent"}""")));

    [Theory]
    [InlineData("no json", "not JSON")]
    [InlineData("[1]", "Array")]
    [InlineData("{}", "no members")]
    [InlineData("""{"Records":[]}""", "'Records'")]
    [InlineData("""{"order":1,"lines":[]}""", "'order', 'lines'")]
    [InlineData("""{"Type":"SubscriptionConfirmation","Message":"m"}""", "'Type', 'Message'")]
    [InlineData("""{"detail-type":"EC2 Instance","source":"aws.ec2"}""", "aws.ec2")]
    [InlineData("""{"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"b"}}}""", "names no object")]
    [InlineData("""{"detail-type":"Object Deleted","source":"aws.s3","detail":{}}""", "names no object")]
    [InlineData("""{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},"object":{}}}]}""", "names no version")]
    [InlineData("""{"Records":[{"eventSource":"aws:sns","Sns":{}}]}""", "aws:sns")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}""", "no version")]
    public void Read_WhatIsNoNotification_SaysWhatWasFound(string body, string found)
    {
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => Read(body));

        Assert.Contains(found, refused.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<ChangedObject> Read(string body) => ObjectNotification.Read(body, new DefaultLambdaJsonSerializer());

    private static string Sns(string message) =>
        JsonSerializer.Serialize(
            new
            {
                Type = "Notification",
                TopicArn = "arn:aws:sns:us-east-1:1:t",
                Message = message,
            }
        );
}
