using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Serverless.Functions.Azure.Http;

/// <summary>
/// Compresses answers for those who ask (Accept-Encoding: br, gzip), by ASP.NET Core's own middleware; the worker's pipeline is closed but
/// for start-up filters.
/// </summary>
internal sealed class AnswerCompression : IStartupFilter
{
    public static IServiceCollection AddTo(IServiceCollection services) =>
        services
            .AddSingleton<IStartupFilter, AnswerCompression>()
            .AddSingleton<IResponseCompressionProvider, LargeAnswers>()
            .AddResponseCompression(options =>
                options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/octet-stream", "application/problem+json"]
            );

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.UseResponseCompression();
            next(app);
        };

    /// <summary>Below some kilobytes compressing costs more time than it saves on the way.</summary>
    private sealed class LargeAnswers(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
        : ResponseCompressionProvider(services, options)
    {
        private const int LeastBytes = 16 << 10;

        public override bool ShouldCompressResponse(HttpContext context) =>
            context.Response.ContentLength is not < LeastBytes && base.ShouldCompressResponse(context);
    }
}
