using Microsoft.Extensions.Configuration;
using Serverless.Local.Events;
using Xunit;

namespace Serverless.Unit.Local.Events;

public sealed class EventsOptionsTests
{
    [Fact]
    public void Validated_NothingToWatch_SaysWhatToSet()
    {
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => Read().Validated());

        Assert.Contains("S3Events__QueueUrl", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validated_SeveralProblems_AreToldTogether()
    {
        EventsOptions options = Read(("BlobEvents:Host", "http://127.0.0.1:7071"), ("Faults:LostEvents", "2"));

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(options.Validated);

        Assert.Contains("BlobEvents__Function", refused.Message, StringComparison.Ordinal);
        Assert.Contains("LostEvents", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Settings_GoToBothStores()
    {
        EventsOptions options = Read(
                ("S3:ServiceUrl", "http://127.0.0.1:1"),
                ("S3:Bucket", "b"),
                ("S3Events:QueueUrl", "http://127.0.0.1:2/q"),
                ("AWS_REGION", "eu-west-1"),
                ("AzureWebJobsStorage", "UseDevelopmentStorage=true"),
                ("BlobEvents:Host", "http://127.0.0.1:3"),
                ("BlobEvents:Function", "f")
            )
            .Validated();

        Assert.Equal(("b", "eu-west-1", new Uri("http://127.0.0.1:2/q")), (options.S3.Bucket, options.S3.Region, options.S3.QueueUrl));
        Assert.Equal(
            ("UseDevelopmentStorage=true", "media", "f"),
            (options.Blobs.ConnectionString, options.Blobs.Container, options.Blobs.Function)
        );
    }

    private static EventsOptions Read(params (string Key, string Value)[] settings) =>
        EventsOptions.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
                .Build()
        );
}
