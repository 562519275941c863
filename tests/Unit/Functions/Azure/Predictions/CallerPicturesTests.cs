using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Lanes;
using Serverless.Functions.Azure.Predictions;
using Serverless.Imaging;
using Serverless.Inference.Serving;
using Serverless.Local.Stack;
using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions;

public sealed class CallerPicturesTests : IDisposable
{
    private static readonly byte[] Picture = File.ReadAllBytes(Path.Combine(Checkout.SamplesMedia, "washed-ashore.jpg"));

    private readonly FakeTimeProvider _time = new();
    private readonly DecodeBudget _budget = new(new DecodingOptions { MaxBytes = 64 << 20 });
    private readonly CallerPictures _pictures;

    public CallerPicturesTests() =>
        _pictures = new CallerPictures(new ImageReader(new ImageOptions(), _budget), new LaneOptions { Pictures = 1 }, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Decode_WhereTheLaneIsFull_IsRefusedAtOnce_AndTakenAgainOnceThereIsRoom()
    {
        DecodeBudget.Lease all = await _budget.TakeAsync(_budget.Total, Token);
        Task<DecodedImage> first = DecodeAsync();

        var refused = await Assert.ThrowsAsync<RequestProblem>(DecodeAsync);
        all.Dispose();
        (await first).Dispose();
        using DecodedImage later = await DecodeAsync();

        Assert.Equal(StatusCodes.Status429TooManyRequests, refused.Status);
        Assert.NotNull(refused.RetryAfter);
        Assert.True(later.Width > 0);
    }

    [Fact]
    public async Task Room_WhereTheLaneIsFull_IsRefused_AndThereAgainAfterwards()
    {
        DecodeBudget.Lease all = await _budget.TakeAsync(_budget.Total, Token);
        Task<DecodedImage> first = DecodeAsync();

        var refused = Assert.Throws<RequestProblem>(_pictures.CheckRoom);
        all.Dispose();
        (await first).Dispose();
        _pictures.CheckRoom();

        Assert.Equal(StatusCodes.Status429TooManyRequests, refused.Status);
    }

    [Fact]
    public async Task Decode_WhoseTurnDoesNotComeBeforeItsDeadline_EndsThen()
    {
        using DecodeBudget.Lease all = await _budget.TakeAsync(_budget.Total, Token);
        Task<DecodedImage> waiting = DecodeAsync();

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ServingFault.DeadlinePassed, (await Assert.ThrowsAsync<ServingException>(() => waiting)).Fault);
        Assert.Equal(_budget.Total, _budget.Held);
    }

    private Task<DecodedImage> DecodeAsync() =>
        _pictures.DecodeAsync(Picture, maxSide: 64, minShorterSide: 0, _time.GetUtcNow() + TimeSpan.FromSeconds(1), Token);
}
