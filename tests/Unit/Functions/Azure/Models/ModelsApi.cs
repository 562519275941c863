using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Models;
using Serverless.Registry;
using Serverless.Registry.Shared;
using Serverless.Registry.Signatures;
using Serverless.Unit.Registry;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Models;

/// <summary>The functions over a registry, asked as the host asks them.</summary>
internal sealed class ModelsApi(RegistryRig rig)
{
    public const string By = "ada";
    public const int MaxBodyBytes = 8 << 20;

    public static readonly ServiceProvider Services = new ServiceCollection().AddLogging().BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public RegisterModelFunction Register { get; } =
        new(
            rig.Registry,
            rig.Get<SharedRegistry>(),
            rig.Get<PackageIntake>(),
            new WebhookPublisher(rig.Told, TimeProvider.System),
            rig.Get<RegistryOptions>(),
            new UploadOptions { MaxBytes = MaxBodyBytes }
        );
    public PackageAddressFunction Addresses { get; } =
        new([rig.Store], rig.Get<RegistryOptions>(), new UploadOptions(), TimeProvider.System);
    public ModelsFunction Models { get; } = new(rig.Registry, rig.Aliases, rig.Get<RegistryOptions>());
    public VersionsFunction Versions { get; } =
        new(
            rig.Registry,
            rig.Aliases,
            rig.Get<ModelReports>(),
            rig.Get<VersionSignatures>(),
            rig.Get<SharedRegistry>(),
            rig.Get<VersionDeletion>(),
            rig.Get<RegistryOptions>()
        );
    public ReportsFunction Reports { get; } = new(rig.Get<ModelReports>());
    public AliasFunction Aliases { get; } = new(rig.Aliases, new ModelsOptions());

    /// <summary>As on a machine on which things are tried.</summary>
    public AliasFunction FirstAliases { get; } = new(rig.Aliases, new ModelsOptions { FirstAliasDirect = true });
    public HistoryFunction History { get; } = new(rig.History, rig.Aliases, rig.Registry);

    public Task<(int Status, JsonElement Body)> RegisterAsync(byte[] archive, string type, string query = "") =>
        AnswerAsync(Register.RunAsync(Request(query, archive, type), rig.Name, Token));

    public static HttpRequest Request(string query = "", byte[]? body = null, string? type = null, string? ifMatch = null, string by = By)
    {
        HttpRequest request = new DefaultHttpContext
        {
            Request =
            {
                QueryString = new QueryString(query),
                Body = new MemoryStream(body ?? []),
                ContentType = type,
            },
        }.Request;
        request.Headers[Requester.Header] = by;
        request.HttpContext.Features.Set(new Caller(AccessRoles.Publish | AccessRoles.Operate, "a test"));
        if (ifMatch is not null)
        {
            request.Headers.IfMatch = ifMatch;
        }
        return request;
    }

    public static HttpRequest Json(string body, string? ifMatch = null, string by = By) =>
        Request("", Encoding.UTF8.GetBytes(body), "application/json", ifMatch, by);

    public static async Task<(int Status, JsonElement Body)> AnswerAsync(Task<IResult> answering)
    {
        using MemoryStream body = new();
        DefaultHttpContext context = new() { RequestServices = Services, Response = { Body = body } };
        await (await answering).ExecuteAsync(context);
        return (context.Response.StatusCode, body.Length == 0 ? default : JsonDocument.Parse(body.ToArray()).RootElement);
    }
}
