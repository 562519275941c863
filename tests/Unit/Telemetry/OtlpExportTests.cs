using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Telemetry;
using Serverless.Unit.Functions.Azure;
using Xunit;

namespace Serverless.Unit.Telemetry;

/// <summary>The exporter against a collector over real HTTP, set up by the variables that everybody's collectors use.</summary>
[Collection(nameof(Alone))]
public sealed class OtlpExportTests
{
    [Fact]
    public async Task Stop_HasSentTracesAndMetrics()
    {
        Recorder recorder = new();
        await using FunctionsApp collector = await FunctionsApp.StartAsync([typeof(Collector)], services =>
            services.AddSingleton(recorder)
        );
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Client.BaseAddress!.ToString());
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        try
        {
            await using ServiceProvider services = new ServiceCollection()
                .AddTelemetry(options => (options.Export, options.ServiceName) = (true, "tested"))
                .BuildServiceProvider();
            IHostedService export = services.GetRequiredService<IHostedService>();
            await export.StartAsync(CancellationToken.None);
            using ActivitySource source = new("Serverless.Exported");
            using Meter meter = new("Serverless.Exported");
            source.StartActivity("a step that is traced")?.Dispose();
            meter.CreateCounter<int>("steps.counted").Add(1);

            await export.StopAsync(CancellationToken.None);
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", null);
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        }

        string received = string.Concat(await recorder.NextAsync(2));
        Assert.Contains("v1/traces: tested, a step that is traced", received, StringComparison.Ordinal);
        Assert.Contains("v1/metrics: tested, steps.counted", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_SendsWhatWasMeasured_WhileTheProcessLives()
    {
        Recorder recorder = new();
        await using FunctionsApp collector = await FunctionsApp.StartAsync([typeof(Collector)], services =>
            services.AddSingleton(recorder)
        );
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Client.BaseAddress!.ToString());
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        try
        {
            await using ServiceProvider services = new ServiceCollection()
                .AddTelemetry(options => (options.Export, options.IsScraped, options.ServiceName) = (true, false, "tested"))
                .BuildServiceProvider();
            MetricsFlush flush = services.GetRequiredService<MetricsFlush>();
            using Meter meter = new("Serverless.Exported");
            meter.CreateCounter<int>("steps.counted").Add(1);

            Assert.True(flush.TryFlush(TimeSpan.FromSeconds(30)));
            Assert.Equal("v1/metrics: tested, steps.counted", await recorder.NextAsync());
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", null);
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        }
    }

    public sealed class Collector(Recorder recorder)
    {
        [Function("Traces")]
        public Task TracesAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/traces")] HttpRequest request) =>
            TakeAsync(request, "a step that is traced");

        [Function("Metrics")]
        public Task MetricsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/metrics")] HttpRequest request) =>
            TakeAsync(request, "steps.counted");

        /// <summary>Texts lie in protobuf as they are.</summary>
        private async Task TakeAsync(HttpRequest request, string what)
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body);
            string text = Encoding.Latin1.GetString(body.ToArray());
            recorder.Add(
                $"{request.Path.Value![1..]}: "
                    + $"{string.Join(", ", new[] { "tested", what }.Where(word => text.Contains(word, StringComparison.Ordinal)))}"
            );
        }
    }
}
